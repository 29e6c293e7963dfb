package pki

import (
	"bytes"
	"crypto/x509"
	"errors"
	"path"
	"slices"
	"time"
)

// Check tells whether the bundle has everything that the request needs, and whether all of it is right at this time:
// pairs belong together, authorities are authorities, leaves are signed by the cluster's authority and name who they
// should, nothing has expired, sa.pub belongs to sa.key, the token has kubeadm's form. What the request does not need is
// not looked at. The error joins every [Problem].
func (b *Bundle) Check(r Request, now time.Time) error {
	c := checker{problems: problems{dir: b.Dir}, bundle: b, now: now, authorities: map[string]*authority{}}
	c.authority(caName, b.CA)
	c.authority(frontProxyCAName, b.FrontProxyCA)
	c.authority(etcdCAName, b.EtcdCA)
	c.serviceAccount()
	c.token()
	c.leaf(adminLeaf(r.AdminGroup), b.Admin)
	if r.SuperAdmin {
		c.leaf(superAdminLeaf(), b.SuperAdmin)
	}
	for _, l := range r.nodeLeaves() {
		pair := b.Nodes[l.name]
		l.name = path.Join(nodesDir, l.name)
		c.leaf(l, pair)
	}
	return errors.Join(c.list...)
}

type checker struct {
	problems
	bundle *Bundle
	now    time.Time
	// authorities that can sign, by their names. One that could still be made is missing here; one with which something is
	// wrong, so that no leaf can be made, is nil.
	authorities map[string]*authority
}

// authority checks an authority.
func (c *checker) authority(name string, p Pair) {
	if c.bundle.makeable(name, p) {
		c.add(name+".crt", runInit, "is missing")
		return
	}
	c.authorities[name] = c.signer(name, p)
}

// signer returns the authority if it can sign, and nil if anything is wrong with it.
func (c *checker) signer(name string, p Pair) *authority {
	crt, key := name+".crt", name+".key"
	switch {
	case len(p.Cert) == 0:
		c.add(crt, "put back the original, or for a new cluster move "+key+" away and "+runInit,
			"is missing, although %s is there and other files were made after it", key)
		return nil
	case len(p.Key) == 0:
		c.add(key, "put it there, or for a new cluster move "+crt+" away and "+runInit,
			"is missing, although %s is there (an external authority is not supported)", crt)
		return nil
	}
	before := len(c.list)
	a := c.pair(name, p)
	if a == nil {
		return nil
	}
	if !a.cert.BasicConstraintsValid || !a.cert.IsCA || a.cert.KeyUsage&x509.KeyUsageCertSign == 0 && a.cert.KeyUsage != 0 {
		c.add(crt, moveAway, "is not a certificate authority")
	}
	if len(c.list) > before {
		return nil
	}
	return a
}

// leaf checks a certificate. Where its authority's own problem is reported, what hangs on it is not.
func (c *checker) leaf(want leaf, p Pair) {
	crt, key := want.name+".crt", want.name+".key"
	ca, made := c.authorities[want.ca]
	switch {
	case len(p.Cert) == 0 && made && ca == nil:
		c.add(crt, "put the authority right, then "+runInit, "is missing, and cannot be made while %s.crt and %[1]s.key are not in order", want.ca)
		return
	case len(p.Cert) == 0:
		c.add(crt, runInit, "is missing")
		return
	case len(p.Key) == 0:
		c.add(key, "move "+crt+" away, then "+runInit, "is missing, although %s is there", crt)
		return
	}
	a := c.pair(want.name, p)
	if a == nil {
		return
	}
	if ca != nil {
		if !bytes.Equal(a.cert.RawIssuer, ca.cert.RawSubject) || a.cert.CheckSignatureFrom(ca.cert) != nil {
			c.add(crt, moveAway, "is not signed by %s.crt", want.ca)
		}
	}
	if subject := want.id.subject(); a.cert.Subject.CommonName != subject.CommonName || !slices.Equal(a.cert.Subject.Organization, subject.Organization) {
		c.add(crt, moveAway, "is for %s, not for %s", a.cert.Subject, subject)
	}
	if !slices.Contains(a.cert.ExtKeyUsage, x509.ExtKeyUsageClientAuth) {
		c.add(crt, moveAway, "is not for client authentication")
	}
	if len(want.hosts) > 0 && !slices.Contains(a.cert.ExtKeyUsage, x509.ExtKeyUsageServerAuth) {
		c.add(crt, moveAway, "is not for server authentication")
	}
	for _, host := range want.hosts {
		if a.cert.VerifyHostname(host) != nil {
			c.add(crt, moveAway, "does not name %s", host)
		}
	}
}

// pair checks what holds for every certificate with its key. It returns nil if one of them does not parse.
func (c *checker) pair(name string, p Pair) *authority {
	crt, key := name+".crt", name+".key"
	cert, certErr := parseCertificate(p.Cert)
	if certErr != nil {
		c.add(crt, remedyFor(certErr), "%v", certErr)
	}
	signer, keyErr := parseKey(p.Key)
	if keyErr != nil {
		c.add(key, remedyFor(keyErr), "%v", keyErr)
	}
	if certErr != nil || keyErr != nil {
		return nil
	}
	if !equal(cert.PublicKey, signer.Public()) {
		c.add(crt, "put the right one there, or move both away, then "+runInit, "does not belong to %s", key)
	}
	if c.now.After(cert.NotAfter) {
		c.add(crt, moveAway, "expired on %s", cert.NotAfter.UTC().Format(time.RFC3339))
	}
	if c.now.Before(cert.NotBefore) {
		c.add(crt, "set this computer's clock, or "+moveAway, "is not valid before %s", cert.NotBefore.UTC().Format(time.RFC3339))
	}
	return &authority{cert, signer}
}

func (c *checker) serviceAccount() {
	b := c.bundle
	switch {
	case len(b.SAKey) == 0 && len(b.SAPub) == 0:
		c.add(saKeyFile, runInit, "is missing")
		return
	case len(b.SAKey) == 0:
		c.add(saKeyFile, "put it there, or for a new cluster move "+saPubFile+" away and "+runInit, "is missing, although %s is there", saPubFile)
		return
	case len(b.SAPub) == 0:
		c.add(saPubFile, runInit, "is missing")
		return
	}
	key, keyErr := parseKey(b.SAKey)
	if keyErr != nil {
		c.add(saKeyFile, remedyFor(keyErr), "%v", keyErr)
	}
	public, pubErr := parsePublicKeys(b.SAPub)
	if pubErr != nil {
		c.add(saPubFile, remedyFor(pubErr), "%v", pubErr)
	}
	if keyErr != nil || pubErr != nil {
		return
	}
	for _, candidate := range public {
		if equal(candidate, key.Public()) {
			return
		}
	}
	c.add(saPubFile, moveAway, "does not belong to %s", saKeyFile)
}

func (c *checker) token() {
	if c.bundle.BootstrapToken == "" {
		c.add(tokenFile, runInit, "is missing")
	} else if _, err := parseToken([]byte(c.bundle.BootstrapToken)); err != nil {
		c.add(tokenFile, moveAway, "%v", err)
	}
}

// makeable tells whether Complete may make this authority's certificate: nothing is there, or only the key that a run
// cut short has written as its last file.
func (b *Bundle) makeable(name string, p Pair) bool {
	if len(p.Cert) > 0 {
		return false
	}
	if len(p.Key) == 0 {
		return true
	}
	files := b.files()
	return files[len(files)-1].name == name+".key"
}
