package pki

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"strings"
)

var (
	errKeyInPublicFile = errors.New("holds a private key, but this file is handed out")
	errTruncated       = errors.New("is damaged: a PEM block is incomplete")
	errDamagedKey      = errors.New("holds a damaged private key")
	errNoCertificate   = errors.New("holds no PEM certificate")
	errNoPrivateKey    = errors.New("holds no PEM private key")
	errNoPublicKey     = errors.New("holds no PEM public key")
	errEncryptedKey    = errors.New("is encrypted, and nobody is there to type the passphrase when a machine boots")
	errKeyKind         = errors.New("is neither an RSA key nor an ECDSA key on P-256, P-384 or P-521, and kubeadm takes no other")
	errKeyLabel        = errors.New("holds another form of private key than its -----BEGIN line says")
	errChain           = errors.New("holds more than one certificate, with which kube-controller-manager does not start")
)

// blocks splits PEM data. Text around the blocks is allowed, as openssl writes it; a block that does not end is not.
func blocks(data []byte) ([]*pem.Block, error) {
	if err := misread(data); err != nil {
		return nil, err
	}
	var list []*pem.Block
	for {
		block, rest := pem.Decode(data)
		if block == nil {
			break
		}
		list, data = append(list, block), rest
	}
	if bytes.Contains(data, []byte("-----BEGIN")) {
		return nil, errTruncated
	}
	return list, nil
}

// publicBlocks is blocks for a file that other machines get: anything like a private key in it is an error.
func publicBlocks(data []byte) ([]*pem.Block, error) {
	if bytes.Contains(data, []byte("PRIVATE KEY")) {
		return nil, errKeyInPublicFile
	}
	return blocks(data)
}

// parseCertificate returns the first certificate of the file: the one that counts, as for kubeadm. Others may follow.
func parseCertificate(data []byte) (*x509.Certificate, error) {
	certs, err := parseCertificates(data)
	if err != nil {
		return nil, err
	}
	return certs[0], nil
}

// parseAuthority returns the only certificate of the file.
func parseAuthority(data []byte) (*x509.Certificate, error) {
	certs, err := parseCertificates(data)
	if err != nil {
		return nil, err
	}
	if len(certs) > 1 {
		return nil, errChain
	}
	return certs[0], nil
}

// parseCertificates returns at least one.
func parseCertificates(data []byte) ([]*x509.Certificate, error) {
	list, err := publicBlocks(data)
	if err != nil {
		return nil, err
	}
	var certs []*x509.Certificate
	for _, block := range list {
		if block.Type != "CERTIFICATE" {
			continue
		}
		cert, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return nil, publicFault("certificate", err)
		}
		certs = append(certs, cert)
	}
	if len(certs) == 0 {
		return nil, instead(errNoCertificate, list)
	}
	return certs, nil
}

// instead adds what the file holds in the place of what it should.
func instead(err error, list []*pem.Block) error {
	if len(list) == 0 {
		return err
	}
	return fmt.Errorf("%w, but a block %s", err, list[0].Type)
}

// parseKey returns the first private key of the file, in any of the forms that kubeadm reads.
func parseKey(data []byte) (crypto.Signer, error) {
	list, err := blocks(data)
	if err != nil {
		return nil, err
	}
	for _, block := range list {
		var key any
		switch {
		case block.Type == "ENCRYPTED PRIVATE KEY" || block.Headers["Proc-Type"] != "":
			return nil, errEncryptedKey
		case block.Type == "RSA PRIVATE KEY":
			key, err = x509.ParsePKCS1PrivateKey(block.Bytes)
		case block.Type == "EC PRIVATE KEY":
			key, err = x509.ParseECPrivateKey(block.Bytes)
		case block.Type == "PRIVATE KEY":
			key, err = x509.ParsePKCS8PrivateKey(block.Bytes)
		default: // openssl puts EC PARAMETERS before the key
			continue
		}
		if err != nil {
			return nil, keyFault(err)
		}
		switch key := key.(type) {
		case *rsa.PrivateKey:
			return key, nil
		case *ecdsa.PrivateKey:
			return key, nil
		}
		return nil, errKeyKind
	}
	return nil, instead(errNoPrivateKey, list)
}

// otherKind reports whether x509 says that it does not know the kind of a key.
func otherKind(err error) bool {
	return strings.Contains(err.Error(), "elliptic curve") || strings.Contains(err.Error(), "unknown algorithm") || strings.Contains(err.Error(), "ECDSA parameters")
}

// publicFault is what x509's error about a certificate or a public key means.
func publicFault(what string, err error) error {
	if otherKind(err) {
		return errKeyKind
	}
	return fmt.Errorf("holds a damaged %s: %w", what, err)
}

// keyFault is what x509's error means: its text is about ASN.1.
func keyFault(err error) error {
	switch text := err.Error(); {
	case otherKind(err):
		return errKeyKind
	case strings.Contains(text, "(use Parse"):
		return errKeyLabel
	}
	return errDamagedKey
}

// parsePublicKeys returns the keys of sa.pub: several while an existing cluster rotates them, a certificate's as well.
func parsePublicKeys(data []byte) ([]crypto.PublicKey, error) {
	list, err := publicBlocks(data)
	if err != nil {
		return nil, err
	}
	var keys []crypto.PublicKey
	for _, block := range list {
		switch block.Type {
		case "PUBLIC KEY":
			key, err := x509.ParsePKIXPublicKey(block.Bytes)
			if err != nil {
				return nil, publicFault("public key", err)
			}
			keys = append(keys, key)
		case "CERTIFICATE":
			cert, err := x509.ParseCertificate(block.Bytes)
			if err != nil {
				return nil, publicFault("certificate", err)
			}
			keys = append(keys, cert.PublicKey)
		}
	}
	if len(keys) == 0 {
		return nil, instead(errNoPublicKey, list)
	}
	return keys, nil
}
