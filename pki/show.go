package pki

import (
	"errors"
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

// Certificates describes every certificate of the bundle, authorities first, nodes by name. Of a file with several
// certificates it is the first one. Files that do not parse are left out; [LoadDir] and [Bundle.Check] report them.
func (b *Bundle) Certificates() []Certificate {
	list := []Certificate{}
	for _, f := range b.files() {
		if !strings.HasSuffix(f.name, ".crt") {
			continue
		}
		cert, err := parseCertificate(f.data)
		if err != nil {
			continue
		}
		sans := append([]string{}, cert.DNSNames...)
		for _, ip := range cert.IPAddresses {
			sans = append(sans, ip.String())
		}
		list = append(list, Certificate{
			File:      f.name,
			Subject:   cert.Subject.String(),
			SANs:      sans,
			Algorithm: algorithmOf(cert.PublicKey),
			NotBefore: cert.NotBefore,
			NotAfter:  cert.NotAfter,
			IsCA:      cert.IsCA,
		})
	}
	return list
}

// Window returns the time in which all these certificate files are valid: the latest beginning and the earliest end. The
// error is that of a file that does not parse, or of no files at all.
func Window(certs ...[]byte) (notBefore, notAfter time.Time, err error) {
	for i, data := range certs {
		cert, err := parseCertificate(data)
		if err != nil {
			return time.Time{}, time.Time{}, err
		}
		if i == 0 || cert.NotBefore.After(notBefore) {
			notBefore = cert.NotBefore
		}
		if i == 0 || cert.NotAfter.Before(notAfter) {
			notAfter = cert.NotAfter
		}
	}
	if len(certs) == 0 {
		return time.Time{}, time.Time{}, errors.New("no certificates")
	}
	return notBefore, notAfter, nil
}
