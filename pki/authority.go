package pki

import (
	"crypto"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"time"
)

// backdate is how far before its making a certificate begins, so that machines with a late clock accept it.
const backdate = 24 * time.Hour

// authority is a certificate authority that can sign.
type authority struct {
	cert *x509.Certificate
	key  crypto.Signer
}

// newAuthority certifies the key by itself, with the fields that kubeadm sets. x509 adds the subject key identifier.
func newAuthority(key crypto.Signer, commonName string, now time.Time, validity time.Duration) ([]byte, error) {
	template := &x509.Certificate{
		SerialNumber:          newSerial(),
		Subject:               pkix.Name{CommonName: commonName},
		DNSNames:              []string{commonName},
		NotBefore:             begin(now),
		NotAfter:              now.Add(validity).UTC().Truncate(time.Second),
		KeyUsage:              x509.KeyUsageDigitalSignature | x509.KeyUsageKeyEncipherment | x509.KeyUsageCertSign,
		BasicConstraintsValid: true,
		IsCA:                  true,
	}
	return sign(template, template, key.Public(), key)
}

func sign(template, parent *x509.Certificate, public crypto.PublicKey, key crypto.Signer) ([]byte, error) {
	der, err := x509.CreateCertificate(rand.Reader, template, parent, public, key)
	if err != nil {
		return nil, err
	}
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), nil
}

func begin(now time.Time) time.Time { return now.Add(-backdate).UTC().Truncate(time.Second) }

// newSerial returns a random number from 1 to 2^128-1.
func newSerial() *big.Int {
	var raw [16]byte
	serial := new(big.Int)
	for serial.Sign() == 0 {
		rand.Read(raw[:])
		serial.SetBytes(raw[:])
	}
	return serial
}
