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
)

var (
	errKeyInPublicFile = errors.New("holds a private key, but this file is handed out")
	errTruncated       = errors.New("is damaged: a PEM block is incomplete")
	errDamagedKey      = errors.New("holds a damaged private key")
	errNoCertificate   = errors.New("holds no PEM certificate")
	errNoPrivateKey    = errors.New("holds no PEM private key")
	errNoPublicKey     = errors.New("holds no PEM public key")
	errEncryptedKey    = errors.New("is encrypted, and nobody is there to type the passphrase when a machine boots")
	errKeyKind         = errors.New("is neither an RSA nor an ECDSA key, and kubeadm takes no other")
)

// blocks splits PEM data. Text around the blocks is allowed, as openssl writes it; a block that does not end is not.
func blocks(data []byte) ([]*pem.Block, error) {
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
	list, err := publicBlocks(data)
	if err != nil {
		return nil, err
	}
	var first *x509.Certificate
	for _, block := range list {
		if block.Type != "CERTIFICATE" {
			continue
		}
		cert, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return nil, fmt.Errorf("holds a damaged certificate: %w", err)
		}
		if first == nil {
			first = cert
		}
	}
	if first == nil {
		return nil, errNoCertificate
	}
	return first, nil
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
			return nil, errDamagedKey
		}
		switch key := key.(type) {
		case *rsa.PrivateKey:
			return key, nil
		case *ecdsa.PrivateKey:
			return key, nil
		}
		return nil, errKeyKind
	}
	return nil, errNoPrivateKey
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
				return nil, fmt.Errorf("holds a damaged public key: %w", err)
			}
			keys = append(keys, key)
		case "CERTIFICATE":
			cert, err := x509.ParseCertificate(block.Bytes)
			if err != nil {
				return nil, fmt.Errorf("holds a damaged certificate: %w", err)
			}
			keys = append(keys, cert.PublicKey)
		}
	}
	if len(keys) == 0 {
		return nil, errNoPublicKey
	}
	return keys, nil
}
