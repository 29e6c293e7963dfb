// Package leaf makes the certificates that kubeadm makes on a machine, for tests that need them beforehand.
package leaf

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"path/filepath"
	"testing"
	"time"
)

// Etcd returns an etcd member's certificate, for etcd/server.crt or etcd/peer.crt, and its key, in PEM. The certificate is
// signed by the CA in the directory ca, and is valid from notBefore on.
func Etcd(t testing.TB, ca, name, address string, notBefore time.Time) (cert, key []byte) {
	t.Helper()
	authority, err := tls.LoadX509KeyPair(filepath.Join(ca, "ca.crt"), filepath.Join(ca, "ca.key"))
	orFail(t, err)
	number, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 62))
	orFail(t, err)
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	orFail(t, err)
	public, err := x509.CreateCertificate(rand.Reader, &x509.Certificate{
		SerialNumber: number,
		Subject:      pkix.Name{CommonName: name},
		DNSNames:     []string{name, "localhost"},
		IPAddresses:  []net.IP{net.ParseIP(address), net.IPv4(127, 0, 0, 1), net.IPv6loopback},
		NotBefore:    notBefore,
		NotAfter:     notBefore.Add(24 * time.Hour),
		KeyUsage:     x509.KeyUsageDigitalSignature,
		ExtKeyUsage:  []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
	}, authority.Leaf, private.Public(), authority.PrivateKey)
	orFail(t, err)
	der, err := x509.MarshalPKCS8PrivateKey(private)
	orFail(t, err)
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: public}), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})
}

func orFail(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
