package pki

import (
	"cmp"
	"crypto/x509"
	"slices"
	"strings"
	"time"
)

// Certificate is a line of `kindling pki show`.
type Certificate struct {
	File      string    `json:"file"` // below the PKI directory
	Subject   string    `json:"subject"`
	SANs      []string  `json:"sans,omitempty"`
	Algorithm string    `json:"algorithm"` // of its key, in the words of [Algorithms]
	NotBefore time.Time `json:"notBefore"`
	NotAfter  time.Time `json:"notAfter"`
	IsCA      bool      `json:"isCA"`
}

// Certificates describes the bundle's certificates: authorities and administrators' first, then nodes' by name. Of a file
// with several certificates it is the first one. What a rotation has put beside an authority is left out.
func (b *Bundle) Certificates() []Certificate {
	list := []Certificate{}
	for name, p := range b.pairs {
		if p.cert != nil && name == unrotated(name) {
			list = append(list, describe(name+".crt", p.cert))
		}
	}
	sortCertificates(list)
	return list
}

// Describe is Certificates for all certificates of a PKI among the files of these names. The error is the [Problems] of
// those that it leaves out.
func Describe(names []string, read func(name string) ([]byte, error)) ([]Certificate, error) {
	list, b := []Certificate{}, new(Bundle)
	for _, name := range names {
		if !isCertificate(name) {
			continue
		}
		if _, cert := load(b, name, read, parseCertificate); cert != nil {
			list = append(list, describe(name, cert))
		}
	}
	sortCertificates(list)
	return list, b.unreadable.err()
}

func describe(file string, cert *x509.Certificate) Certificate {
	sans := append([]string{}, cert.DNSNames...)
	for _, ip := range cert.IPAddresses {
		sans = append(sans, ip.String())
	}
	return Certificate{
		File:      file,
		Subject:   cert.Subject.String(),
		SANs:      sans,
		Algorithm: algorithmOf(cert.PublicKey),
		NotBefore: cert.NotBefore,
		NotAfter:  cert.NotAfter,
		IsCA:      cert.IsCA,
	}
}

func sortCertificates(list []Certificate) {
	order := []string{CA, FrontProxyCA, EtcdCA, Admin, SuperAdmin}
	rank := func(file string) int {
		if i := slices.Index(order, unrotated(strings.TrimSuffix(file, ".crt"))); i >= 0 {
			return i
		}
		return len(order)
	}
	slices.SortFunc(list, func(a, b Certificate) int {
		return cmp.Or(cmp.Compare(rank(a.File), rank(b.File)), strings.Compare(a.File, b.File))
	})
}
