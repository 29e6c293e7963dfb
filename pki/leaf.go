package pki

import (
	"crypto"
	"crypto/x509"
	"net"
	"time"
)

// newLeaf certifies the key, with the fields that kubeadm sets. The certificate begins and ends within its authority's
// time. x509 adds the authority key identifier.
func (a *authority) newLeaf(key crypto.Signer, l Leaf, now time.Time, validity time.Duration) ([]byte, error) {
	template := &x509.Certificate{
		SerialNumber:          newSerial(),
		Subject:               l.Subject,
		NotBefore:             begin(now),
		NotAfter:              now.Add(validity).UTC().Truncate(time.Second),
		KeyUsage:              x509.KeyUsageDigitalSignature | x509.KeyUsageKeyEncipherment,
		ExtKeyUsage:           l.Usages,
		BasicConstraintsValid: true,
	}
	for _, host := range l.Hosts {
		if address := net.ParseIP(host); address != nil {
			template.IPAddresses = append(template.IPAddresses, address)
		} else {
			template.DNSNames = append(template.DNSNames, host)
		}
	}
	if template.NotBefore.Before(a.cert.NotBefore) {
		template.NotBefore = a.cert.NotBefore
	}
	if template.NotAfter.After(a.cert.NotAfter) {
		template.NotAfter = a.cert.NotAfter
	}
	return sign(template, a.cert, key.Public(), a.key)
}
