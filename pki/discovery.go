package pki

import (
	"crypto/sha256"
	"encoding/hex"
)

// CACertHash is what a joining machine knows the cluster's authority by: kubeadm's discovery hash, "sha256:" and the
// SHA-256 of the certificate's SubjectPublicKeyInfo. The error is that of a missing or damaged ca.crt.
func (w WorkerCredentials) CACertHash() (string, error) {
	cert, err := parseCertificate(w.CACert)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(cert.RawSubjectPublicKeyInfo)
	return "sha256:" + hex.EncodeToString(sum[:]), nil
}
