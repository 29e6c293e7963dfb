package pki

import (
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"time"
)

// Request is what a cluster, or one command, needs of the PKI. Nothing else is read.
type Request struct {
	Algorithm            string        // of new keys, one of [Algorithms]; existing keys may differ
	Validity, CAValidity time.Duration // of new leaves and new authorities
	Authorities          []Authority
	ServiceAccount       bool // sa.key and sa.pub
	BootstrapToken       bool
	Leaves               []Leaf
}

// Authority is a certificate authority that a request needs.
type Authority struct {
	Name       string // [CA], [FrontProxyCA] or [EtcdCA]
	CommonName string
	CertOnly   bool // without its private key
	// Usages and Hosts of what it signs on machines: an imported authority may be constrained to other ones (RFC 5280, 4.2.1.10).
	Usages []x509.ExtKeyUsage
	Hosts  []string
}

// Leaf is a certificate that a request needs, with its private key.
type Leaf struct {
	Name    string // without extension: [Admin], [SuperAdmin] or a [NodeLeaf]
	Node    string // whose document carries it; empty for an administrator's
	CA      string // the authority's name
	Subject pkix.Name
	Hosts   []string // DNS names and IP addresses
	Usages  []x509.ExtKeyUsage
	Listed  bool // only its dates are needed, and it may have expired
}

// Files are the names of all files that the request needs, in the order in which they are made.
func (r Request) Files() []string {
	var list []string
	for _, a := range r.Authorities {
		if !a.CertOnly {
			list = append(list, a.Name+".key")
		}
		list = append(list, a.Name+".crt")
	}
	if r.ServiceAccount {
		list = append(list, saKeyFile, saPubFile)
	}
	if r.BootstrapToken {
		list = append(list, tokenFile)
	}
	for _, l := range r.Leaves {
		list = append(list, l.Name+".key", l.Name+".crt")
	}
	return list
}

// validate reports a request from which nothing sensible can be made.
func (r Request) validate() error {
	var errs []error
	if r.Validity <= 0 || r.CAValidity <= 0 {
		errs = append(errs, errors.New("certificates must be valid for longer than no time"))
	}
	if !slices.Contains(Algorithms(), r.Algorithm) {
		errs = append(errs, unknownAlgorithm(r.Algorithm))
	}
	for _, name := range r.Files() {
		if !fs.ValidPath(name) {
			errs = append(errs, fmt.Errorf("%q cannot be the name of a file", name))
		}
	}
	return errors.Join(errs...)
}
