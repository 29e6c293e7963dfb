package pki

import (
	"bytes"
	"crypto"
	"crypto/x509"
	"slices"
	"time"
)

// Check reports whether all that the request needs is there and right at this time: pairs belong together, authorities are
// authorities, leaves are signed by their authority and name who they should, nothing has expired, sa.pub belongs to
// sa.key, the token has kubeadm's form. The error is [Problems], all of them.
func (b *Bundle) Check(now time.Time) error { return b.check(now).problems.err() }

func (b *Bundle) check(now time.Time) *checker {
	c := &checker{bundle: b, now: now, problems: slices.Clone(b.unreadable), authorities: map[string]*authority{}}
	for _, a := range b.request.Authorities {
		c.authority(a)
	}
	if b.request.ServiceAccount {
		c.serviceAccount()
	}
	if b.request.BootstrapToken && b.tokenFile == nil {
		c.problems.add(tokenFile, runInit, "is missing")
	}
	for _, l := range b.request.Leaves {
		c.leaf(l)
	}
	c.ownKeys()
	return c
}

type checker struct {
	problems Problems
	bundle   *Bundle
	now      time.Time
	// authorities by their names. One that could still be made is not here; one with which something is wrong is nil.
	authorities map[string]*authority
}

func (c *checker) authority(a Authority) {
	if c.bundle.makeable(a) {
		c.problems.add(a.Name+".crt", runInit, "is missing")
		return
	}
	c.authorities[a.Name] = c.inOrder(a)
}

// inOrder returns the authority if nothing is wrong with it.
func (c *checker) inOrder(want Authority) *authority {
	p, crt, key := c.bundle.pairs[want.Name], want.Name+".crt", want.Name+".key"
	switch {
	case p.Cert == nil:
		c.problems.add(crt, "put back the original, or for a new cluster move "+key+" away and "+runInit,
			"is missing, although %s is there and other files were made after it", key)
		return nil
	case p.Key == nil && !want.CertOnly:
		c.problems.add(key, "put it there, or for a new cluster move "+crt+" away and "+runInit,
			"is missing, although %s is there (an external authority is not supported)", crt)
		return nil
	case p.cert == nil || p.key == nil && !want.CertOnly:
		return nil
	}
	before := len(c.problems)
	c.belongs(want.Name, p)
	if c.now.After(p.cert.NotAfter) {
		c.problems.add(crt, rotate, "this authority expired on %s", p.cert.NotAfter.UTC().Format(time.RFC3339))
	}
	if !p.cert.BasicConstraintsValid || !p.cert.IsCA || p.cert.KeyUsage&x509.KeyUsageCertSign == 0 && p.cert.KeyUsage != 0 {
		c.problems.add(crt, original, "is not a certificate authority")
	}
	// What the front proxy's signs, Go programs alone see.
	if want.Name != FrontProxyCA && !signsItself(p.cert) {
		c.problems.add(crt, another, "is signed by another authority, %s: curl, socat and HAProxy trust a root only", p.cert.Issuer)
	}
	c.strong(crt, another, p.cert.PublicKey)
	if len(c.problems) > before {
		return nil
	}
	a := &authority{p.cert, p.key}
	if p.key != nil {
		if err := a.verifyMachines(want, c.now); err != nil {
			c.problems.add(crt, another, "cannot sign what the machines need: %v", err)
			return nil
		}
	}
	return a
}

// strong checks that programs take the key.
func (c *checker) strong(name, remedy string, key crypto.PublicKey) {
	if fault := weakness(key); fault != "" {
		c.problems.add(name, remedy, "%s", fault)
	}
}

// ownKeys checks that authorities and the service account share no key with each other or with a leaf. Who has one of two would have
// the other: a worker's certificate would open etcd, or its document hold an authority's private key.
func (c *checker) ownKeys() {
	b := c.bundle
	names, keys := []string{}, []crypto.PublicKey{}
	add := func(name string, key crypto.PublicKey) {
		for i, other := range keys {
			if equal(key, other) {
				c.problems.add(name, "give each a key of its own", "has the same key as %s", names[i])
			}
		}
	}
	for _, a := range b.request.Authorities {
		if cert := b.pairs[a.Name].cert; cert != nil {
			add(a.Name+".crt", cert.PublicKey)
			names, keys = append(names, a.Name+".crt"), append(keys, cert.PublicKey)
		}
	}
	if b.saPrivate != nil {
		add(saKeyFile, b.saPrivate.Public())
		names, keys = append(names, saKeyFile), append(keys, b.saPrivate.Public())
	}
	for _, l := range b.request.Leaves {
		if key := b.pairs[l.Name].key; key != nil {
			add(l.Name+".key", key.Public())
		}
	}
}

// leaf checks a certificate. Where its authority's own problem is reported, what hangs on it is not.
func (c *checker) leaf(want Leaf) {
	p, crt, key := c.bundle.pairs[want.Name], want.Name+".crt", want.Name+".key"
	ca, known := c.authorities[want.CA]
	switch {
	case p.Cert == nil && known && ca == nil:
		c.problems.add(crt, "put the authority right, then "+runInit, "is missing, and cannot be made while %s.crt and %[1]s.key are not in order", want.CA)
		return
	case p.Cert == nil:
		c.problems.add(crt, runInit, "is missing")
		return
	case p.Key == nil:
		c.problems.add(key, "move "+crt+" away, then "+runInit, "is missing, although %s is there", crt)
		return
	case p.cert == nil || p.key == nil:
		return
	}
	c.belongs(want.Name, p)
	if c.now.After(p.cert.NotAfter) && !want.Listed {
		c.problems.add(crt, runRenew, "expired on %s", p.cert.NotAfter.UTC().Format(time.RFC3339))
	}
	c.strong(crt, moveAway, p.cert.PublicKey)
	c.identity(want, p.cert, ca)
}

// identity checks by whom, for whom and for what a leaf is. Its authority is nil where that has a problem of its own.
func (c *checker) identity(want Leaf, cert *x509.Certificate, ca *authority) {
	crt := want.Name + ".crt"
	var refused map[x509.ExtKeyUsage]error
	if ca != nil {
		refused = ca.refusals(cert, want.Usages)
		// What is accepted for one usage is signed: the signature of each of thousands of leaves is verified once.
		if len(refused) == len(want.Usages) && (!bytes.Equal(cert.RawIssuer, ca.cert.RawSubject) || cert.CheckSignatureFrom(ca.cert) != nil) {
			remedy := moveAway
			if old := c.bundle.pairs[want.CA+previous].cert; old != nil && cert.CheckSignatureFrom(old) == nil {
				remedy = signAgain + want.CA
			}
			c.problems.add(crt, remedy, "is not signed by %s.crt", want.CA)
			refused = nil
		}
	}
	if cert.Subject.CommonName != want.Subject.CommonName || !slices.Equal(cert.Subject.Organization, want.Subject.Organization) {
		c.problems.add(crt, moveAway, "is for %s, not for %s", cert.Subject, want.Subject)
	}
	for _, usage := range want.Usages {
		if !slices.Contains(cert.ExtKeyUsage, usage) {
			c.problems.add(crt, moveAway, "is not for %s", usageNames[usage])
		} else if err := refused[usage]; err != nil {
			c.problems.add(crt, moveAway, "is refused for %s: %v", usageNames[usage], err)
		}
	}
	for _, host := range want.Hosts {
		if cert.VerifyHostname(host) != nil {
			c.problems.add(crt, moveAway, "does not name %s", host)
		}
	}
}

var usageNames = map[x509.ExtKeyUsage]string{
	x509.ExtKeyUsageClientAuth: "client authentication",
	x509.ExtKeyUsageServerAuth: "server authentication",
}

// belongs checks that a certificate has begun, and is its key's where the key is needed.
func (c *checker) belongs(name string, p Pair) {
	crt := name + ".crt"
	if p.key != nil && !equal(p.cert.PublicKey, p.key.Public()) {
		c.problems.add(crt, "put the right one there, or move both away, then "+runInit, "does not belong to %s.key", name)
	}
	if c.now.Before(p.cert.NotBefore) {
		c.problems.add(crt, "set this computer's clock, or "+moveAway, "is not valid before %s", p.cert.NotBefore.UTC().Format(time.RFC3339))
	}
}

func (c *checker) serviceAccount() {
	b := c.bundle
	switch {
	case b.saKey == nil && b.saPub == nil:
		c.problems.add(saKeyFile, runInit, "is missing")
	case b.saKey == nil:
		c.problems.add(saKeyFile, "put it there, or for a new cluster move "+saPubFile+" away and "+runInit, "is missing, although %s is there", saPubFile)
	case b.saPub == nil:
		c.problems.add(saPubFile, runInit, "is missing")
	case b.saPrivate != nil && weakness(b.saPrivate.Public()) != "":
		c.strong(saKeyFile, original, b.saPrivate.Public())
	case b.saPrivate != nil && b.saPublic != nil && !slices.ContainsFunc(b.saPublic, func(key crypto.PublicKey) bool { return equal(key, b.saPrivate.Public()) }):
		c.problems.add(saPubFile, moveAway, "does not belong to %s", saKeyFile)
	}
}

// makeable reports whether this authority may be made: nothing is there, or only the key that a run cut short has written
// as its last file.
func (b *Bundle) makeable(a Authority) bool {
	p := b.pairs[a.Name]
	if p.Cert != nil || p.Key == nil {
		return p.Cert == nil
	}
	last := ""
	for _, name := range b.request.Files() {
		if b.file(name) != nil {
			last = name
		}
	}
	return last == a.Name+".key"
}
