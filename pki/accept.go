package pki

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"fmt"
	"time"
)

// What a machine's programs accept is for Go's verification to say, which kubeadm, Kubernetes and etcd use, and for OpenSSL's, which
// curl, socat and HAProxy use. OpenSSL wants the chain to end in a certificate that signs itself, and keys of a certain strength.

// signsItself reports whether a certificate is a root.
func signsItself(cert *x509.Certificate) bool {
	if string(cert.RawIssuer) != string(cert.RawSubject) {
		return false
	}
	err := cert.CheckSignature(cert.SignatureAlgorithm, cert.RawTBSCertificate, cert.Signature)
	var insecure x509.InsecureAlgorithmError // SHA-1, which nobody verifies on a root
	return err == nil || errors.As(err, &insecure)
}

// weakness says why programs refuse a key, or "". OpenSSL's security level on Debian, Ubuntu and Red Hat's is 2, which wants RSA keys of
// 2048 bits; crypto/tls takes at most 8192. Go has no TLS and no token with P-224.
func weakness(key crypto.PublicKey) string {
	switch key := key.(type) {
	case *rsa.PublicKey:
		if bits := key.N.BitLen(); bits < 2048 || bits > 8192 {
			return fmt.Sprintf("has an RSA key of %d bits, and not all programs take one of less than 2048 or more than 8192", bits)
		}
	case *ecdsa.PublicKey:
		if key.Curve == elliptic.P224() {
			return "has a key on the curve P-224, which Kubernetes does not take; P-256, P-384 and P-521 are good"
		}
	default:
		return errKeyKind.Error()
	}
	return ""
}

// verify reports whether a certificate of this authority is good for the usage, by the rules of those who see it. Times are not its
// affair.
func (a *authority) verify(cert *x509.Certificate, usage x509.ExtKeyUsage) error {
	roots := x509.NewCertPool()
	roots.AddCert(a.cert)
	at := cert.NotBefore
	if at.Before(a.cert.NotBefore) {
		at = a.cert.NotBefore
	}
	_, err := cert.Verify(x509.VerifyOptions{Roots: roots, CurrentTime: at, KeyUsages: []x509.ExtKeyUsage{usage}})
	return err
}

// refusals are the usages for which verify fails, and why.
func (a *authority) refusals(cert *x509.Certificate, usages []x509.ExtKeyUsage) map[x509.ExtKeyUsage]error {
	refused := map[x509.ExtKeyUsage]error{}
	for _, usage := range usages {
		if err := a.verify(cert, usage); err != nil {
			refused[usage] = err
		}
	}
	return refused
}

// verifyMachines is verify for a certificate like those that machines sign with this authority.
func (a *authority) verifyMachines(want Authority, now time.Time) error {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	made, err := a.newLeaf(key, Leaf{Subject: pkix.Name{CommonName: "machine"}, Hosts: want.Hosts, Usages: want.Usages}, now, time.Hour)
	if err != nil {
		return err
	}
	cert, err := parseCertificate(made)
	if err != nil {
		return err
	}
	for _, usage := range want.Usages {
		if err := a.verify(cert, usage); err != nil {
			return err
		}
	}
	return nil
}
