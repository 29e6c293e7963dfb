package formation

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
	"strings"
	"testing"
	"time"
)

const etcdPKI = "etc/kubernetes/pki/etcd"

// certify makes what kubeadm makes on the machine itself: etcd's certificates, signed by the CA in the directory ca.
func certify(t testing.TB, root, ca string) {
	t.Helper()
	authority, err := tls.LoadX509KeyPair(filepath.Join(ca, "ca.crt"), filepath.Join(ca, "ca.key"))
	if err != nil {
		t.Fatal(err)
	}
	name, now := nodeEnv(t, root, "NAME"), time.Now()
	template := x509.Certificate{
		Subject:     pkix.Name{CommonName: name},
		DNSNames:    []string{name, "localhost"},
		IPAddresses: []net.IP{net.ParseIP(nodeEnv(t, root, "ADDRESS")), net.IPv4(127, 0, 0, 1), net.IPv6loopback},
		NotBefore:   now.Add(-5 * time.Minute),
		NotAfter:    now.Add(time.Hour),
		KeyUsage:    x509.KeyUsageDigitalSignature,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
	}
	for _, leaf := range []string{"server", "peer"} {
		template.SerialNumber = serial(t)
		key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		cert, err := x509.CreateCertificate(rand.Reader, &template, authority.Leaf, key.Public(), authority.PrivateKey)
		if err != nil {
			t.Fatal(err)
		}
		der, err := x509.MarshalPKCS8PrivateKey(key)
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(root, etcdPKI, leaf)
		writeFile(t, path+".crt", pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: cert}), 0o644)
		writeFile(t, path+".key", pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}), 0o600)
	}
}

func serial(t testing.TB) *big.Int {
	t.Helper()
	n, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 62))
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// urlHost is an address as it stands in a URL.
func urlHost(address string) string {
	if strings.Contains(address, ":") {
		return "[" + address + "]"
	}
	return address
}
