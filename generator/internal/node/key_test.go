package node

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"testing"
)

func TestKeyIsTheSameAndShorter(t *testing.T) {
	for _, curve := range []elliptic.Curve{elliptic.P256(), elliptic.P384()} {
		private, err := ecdsa.GenerateKey(curve, rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		der, err := x509.MarshalECPrivateKey(private)
		if err != nil {
			t.Fatal(err)
		}
		long := pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: der})
		short := Key("/key", long)
		block, _ := pem.Decode(short.Content)
		got, err := x509.ParseECPrivateKey(block.Bytes)
		if err != nil || !private.Equal(crypto.PrivateKey(got)) {
			t.Errorf("%s: another key: %v", curve.Params().Name, err)
		}
		if len(short.Content) >= len(long)-80 || short.Mode != 0o600 {
			t.Errorf("%s: %d bytes of %d, mode %o", curve.Params().Name, len(short.Content), len(long), short.Mode)
		}
	}
}

// Whatever is not just such a key goes as it is.
func TestOtherKeysAreNotTouched(t *testing.T) {
	for _, content := range []string{
		"", "no PEM",
		"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
		"-----BEGIN EC PRIVATE KEY-----\nAAAA\n-----END EC PRIVATE KEY-----\n",
		"-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n-----BEGIN EC PRIVATE KEY-----\nAAAA\n-----END EC PRIVATE KEY-----\n",
	} {
		if got := Key("/key", []byte(content)); !bytes.Equal(got.Content, []byte(content)) {
			t.Errorf("%q became %q", content, got.Content)
		}
	}
}
