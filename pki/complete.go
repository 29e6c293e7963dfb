package pki

import (
	"crypto"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"time"
)

// Complete makes in memory what the request needs and the bundle lacks, and returns the names of the files that this
// adds. Nothing that is there is changed. Afterwards [Bundle.Check] passes; where it does not, the error is Check's (or
// that of a request that makes no sense) and the bundle stays as it was.
func (b *Bundle) Complete(r Request, now time.Time) (added []string, err error) {
	if err := r.validate(); err != nil {
		return nil, err
	}
	next := *b
	if next.Nodes = maps.Clone(b.Nodes); next.Nodes == nil {
		next.Nodes = map[string]Pair{}
	}
	if err := next.fill(r, now); err != nil {
		return nil, err
	}
	if err := next.Check(r, now); err != nil {
		return nil, err
	}
	had := map[string]bool{}
	for _, f := range b.files() {
		had[f.name] = true
	}
	for _, f := range next.files() {
		if !had[f.name] {
			added = append(added, f.name)
		}
	}
	*b = next
	return added, nil
}

func (r Request) validate() error {
	var errs []error
	if r.Validity <= 0 || r.CAValidity <= 0 {
		errs = append(errs, errors.New("certificates must be valid for longer than no time"))
	}
	if r.AdminGroup == "" {
		errs = append(errs, errors.New("the admin certificate needs a group"))
	}
	names := slices.Concat(r.NodeCertificates, r.EtcdClients)
	for _, host := range r.EtcdMembers {
		names = append(names, host.Name)
	}
	for _, name := range names {
		if name == "" || name == "." || name == ".." || filepath.Base(name) != name {
			errs = append(errs, fmt.Errorf("node name %q cannot be the name of a directory", name))
		}
	}
	return errors.Join(errs...)
}

// fill makes what can be made, and leaves what cannot for Check to report.
func (b *Bundle) fill(r Request, now time.Time) error {
	for _, ca := range []struct {
		name, commonName string
		pair             *Pair
	}{
		{caName, "kubernetes", &b.CA},
		{frontProxyCAName, "front-proxy-ca", &b.FrontProxyCA},
		{etcdCAName, "etcd-ca", &b.EtcdCA},
	} {
		if !b.makeable(ca.name, *ca.pair) {
			continue
		}
		if err := certify(ca.pair, r.Algorithm, func(key crypto.Signer) ([]byte, error) {
			return newAuthority(key, ca.commonName, now, r.CAValidity)
		}); err != nil {
			return fmt.Errorf("%s: %w", ca.name, err)
		}
	}
	if err := b.fillServiceAccount(r.Algorithm); err != nil {
		return fmt.Errorf("sa: %w", err)
	}
	if b.BootstrapToken == "" {
		b.BootstrapToken = NewToken()
	}
	return b.fillLeaves(r, now)
}

func (b *Bundle) fillServiceAccount(algorithm string) error {
	if len(b.SAPub) > 0 {
		return nil
	}
	key, err := ensureKey(&b.SAKey, algorithm)
	if err != nil {
		return err
	}
	der, err := x509.MarshalPKIXPublicKey(key.Public())
	b.SAPub = pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})
	return err
}

func (b *Bundle) fillLeaves(r Request, now time.Time) error {
	c := &checker{bundle: b, now: now}
	authorities := map[string]*authority{caName: c.signer(caName, b.CA), etcdCAName: c.signer(etcdCAName, b.EtcdCA)}
	fill := func(p *Pair, l leaf) error {
		ca := authorities[l.ca]
		if len(p.Cert) > 0 || ca == nil {
			return nil
		}
		err := certify(p, r.Algorithm, func(key crypto.Signer) ([]byte, error) { return ca.newLeaf(key, l, now, r.Validity) })
		if err != nil {
			return fmt.Errorf("certificate of %s: %w", l.id.user, err)
		}
		return nil
	}
	if err := fill(&b.Admin, adminLeaf(r.AdminGroup)); err != nil {
		return err
	}
	if r.SuperAdmin {
		if err := fill(&b.SuperAdmin, superAdminLeaf()); err != nil {
			return err
		}
	}
	for _, l := range r.nodeLeaves() {
		p := b.Nodes[l.name]
		if err := fill(&p, l); err != nil {
			return err
		}
		b.Nodes[l.name] = p
	}
	return nil
}

// certify gives a pair without certificate one, for the key that is there or for a new one.
func certify(p *Pair, algorithm string, issue func(crypto.Signer) ([]byte, error)) error {
	key, err := ensureKey(&p.Key, algorithm)
	if err != nil {
		return err
	}
	p.Cert, err = issue(key)
	return err
}

// ensureKey returns the key that is there, or makes one.
func ensureKey(data *[]byte, algorithm string) (key crypto.Signer, err error) {
	if len(*data) > 0 {
		return parseKey(*data)
	}
	key, *data, err = newKey(algorithm)
	return key, err
}
