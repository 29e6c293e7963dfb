package pki

import (
	"crypto"
	"crypto/x509"
	"crypto/x509/pkix"
	"time"
)

// identity is who a client certificate says its holder is: the user (CN) and the group (O), in Kubernetes' words.
type identity struct{ user, group string }

func adminIdentity(group string) identity { return identity{"kubernetes-admin", group} }

func superAdminIdentity() identity { return identity{"kubernetes-super-admin", "system:masters"} }

func nodeIdentity(name string) identity { return identity{"system:node:" + name, "system:nodes"} }

func (id identity) subject() pkix.Name {
	return pkix.Name{CommonName: id.user, Organization: []string{id.group}}
}

// newLeaf certifies the key as a client's, with the fields that kubeadm sets. It begins and ends within its authority's
// time. x509 adds the authority key identifier.
func (a *authority) newLeaf(key crypto.Signer, id identity, now time.Time, validity time.Duration) ([]byte, error) {
	template := &x509.Certificate{
		SerialNumber:          newSerial(),
		Subject:               id.subject(),
		NotBefore:             begin(now),
		NotAfter:              now.Add(validity).UTC().Truncate(time.Second),
		KeyUsage:              x509.KeyUsageDigitalSignature | x509.KeyUsageKeyEncipherment,
		ExtKeyUsage:           []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
		BasicConstraintsValid: true,
	}
	if template.NotBefore.Before(a.cert.NotBefore) {
		template.NotBefore = a.cert.NotBefore
	}
	if template.NotAfter.After(a.cert.NotAfter) {
		template.NotAfter = a.cert.NotAfter
	}
	return sign(template, a.cert, key.Public(), a.key)
}
