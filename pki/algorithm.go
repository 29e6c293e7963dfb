package pki

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"strings"
)

// Algorithms are the key algorithms that a [Request] may name.
func Algorithms() []string {
	return []string{"ECDSA-P256", "ECDSA-P384", "RSA-2048", "RSA-3072", "RSA-4096"}
}

// newKey makes a private key and returns it with its PEM, in the form that kubeadm writes.
func newKey(algorithm string) (crypto.Signer, []byte, error) {
	switch algorithm {
	case "ECDSA-P256":
		return newECKey(elliptic.P256())
	case "ECDSA-P384":
		return newECKey(elliptic.P384())
	case "RSA-2048":
		return newRSAKey(2048)
	case "RSA-3072":
		return newRSAKey(3072)
	case "RSA-4096":
		return newRSAKey(4096)
	}
	return nil, nil, unknownAlgorithm(algorithm)
}

func unknownAlgorithm(name string) error {
	return fmt.Errorf("unknown key algorithm %q; one of %s", name, strings.Join(Algorithms(), ", "))
}

func newECKey(curve elliptic.Curve) (crypto.Signer, []byte, error) {
	key, err := ecdsa.GenerateKey(curve, rand.Reader)
	if err != nil {
		return nil, nil, err
	}
	der, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		return nil, nil, err
	}
	return key, pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: der}), nil
}

func newRSAKey(bits int) (crypto.Signer, []byte, error) {
	key, err := rsa.GenerateKey(rand.Reader, bits)
	if err != nil {
		return nil, nil, err
	}
	return key, pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)}), nil
}

// algorithmOf names a public key's algorithm in the words of [Algorithms].
func algorithmOf(key crypto.PublicKey) string {
	switch key := key.(type) {
	case *ecdsa.PublicKey:
		return "ECDSA-" + strings.ReplaceAll(key.Curve.Params().Name, "-", "")
	case *rsa.PublicKey:
		return fmt.Sprintf("RSA-%d", key.N.BitLen())
	}
	return fmt.Sprintf("%T", key)
}

// equal reports whether two public keys are the same.
func equal(a, b crypto.PublicKey) bool {
	comparable, ok := a.(interface{ Equal(crypto.PublicKey) bool })
	return ok && comparable.Equal(b)
}
