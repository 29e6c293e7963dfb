package verify

import (
	"bytes"
	"crypto"
	"crypto/x509"
	"encoding/pem"
	"slices"
	"strings"

	"kindling/generator/spec"
)

// checkLeast holds that a machine gets no more than it needs: no key of the cluster's that its role does without, and no token where
// nobody joins with one.
func (s *set) checkLeast(m *machine) {
	for _, f := range m.gets.Files {
		public := !slices.Contains([]string{initFile, discoveryFile}, f.Path)
		for _, key := range privateKeys(f.Content) {
			owner := s.ownerOf(key)
			switch {
			case owner == "":
			case m.Role != spec.ControlPlane:
				s.wrong(m, "has the private key of the %s in %s, and a machine of role %s must not have it", owner, f.Path, m.Role)
			case !strings.HasPrefix(f.Path, kubernetesPKI):
				s.wrong(m, "has the private key of the %s in %s, which is not its place", owner, f.Path)
			case s.offline() && strings.Contains(owner, "CA"):
				s.wrong(m, "has the private key of the %s in %s, and with pki.caKeys: offline no machine may have it", owner, f.Path)
			case owner == "CA of etcd" && s.externalEtcd():
				s.wrong(m, "has the private key of the %s in %s, and no machine needs it", owner, f.Path)
			}
		}
		if (strings.HasPrefix(f.Path, kubernetesPKI) || strings.HasPrefix(f.Path, workerPKI)) && strings.HasSuffix(f.Path, ".key") && f.Mode&0o077 != 0 {
			s.wrong(m, "lets others on the machine read %s (mode %04o)", f.Path, f.Mode)
		}
		if public && s.hasToken(f.Content) {
			s.wrong(m, "has the bootstrap token in %s", f.Path)
		}
		if !public && len(tokensOf(m)) > 0 && f.Mode&0o077 != 0 && token.Match(f.Content) {
			s.wrong(m, "lets others on the machine read the bootstrap token in %s (mode %04o)", f.Path, f.Mode)
		}
	}
	s.checkToken(m)
}

func (s *set) checkToken(m *machine) {
	joins := slices.ContainsFunc(s.ordered(), joinsWithToken)
	switch has := len(tokensOf(m)) > 0; {
	case has && m.Role == spec.ControlPlane && !joins:
		s.wrong(m, "has a bootstrap token in %s, and nobody joins with one", initFile)
	case has && m.Role != spec.ControlPlane && m.Role != spec.Worker:
		s.wrong(m, "has a bootstrap token, and a machine of role %s must not have one", m.Role)
	case !has && m.Role == spec.ControlPlane && joins:
		s.wrong(m, "has no bootstrap token in %s, and workers join with one", initFile)
	case !has && joinsWithToken(m):
		s.wrong(m, "has no bootstrap token in %s", discoveryFile)
	}
	if _, found := m.gets.File(workerPKI + "kubelet-client.key"); found && joinsWithToken(m) {
		s.wrong(m, "has both a bootstrap token and a certificate to join with")
	}
}

// hasToken reports whether a text has one of the set's tokens in it.
func (s *set) hasToken(text []byte) bool {
	for _, m := range s.machines {
		for _, t := range tokensOf(m) {
			if bytes.Contains(text, []byte(t)) {
				return true
			}
		}
	}
	return false
}

// ownerOf is what a private key belongs to, of what all machines rely on; empty if it is none of these.
func (s *set) ownerOf(key crypto.Signer) string {
	public, ok := key.Public().(interface{ Equal(crypto.PublicKey) bool })
	for _, m := range s.machines {
		for _, file := range shared {
			for _, path := range file.paths {
				content, _ := m.gets.File(path)
				if other := publicKey(content); ok && other != nil && public.Equal(other) {
					return strings.TrimSuffix(file.name, "'s public key")
				}
			}
		}
	}
	return ""
}

// publicKey is that of a file's first certificate or public key, or nil.
func publicKey(content []byte) crypto.PublicKey {
	block, _ := pem.Decode(content)
	if block == nil {
		return nil
	}
	if cert, err := x509.ParseCertificate(block.Bytes); err == nil {
		return cert.PublicKey
	}
	key, err := x509.ParsePKIXPublicKey(block.Bytes)
	if err != nil {
		return nil
	}
	return key
}

// privateKeys are those in a file.
func privateKeys(content []byte) []crypto.Signer {
	var keys []crypto.Signer
	for block, rest := pem.Decode(content); block != nil; block, rest = pem.Decode(rest) {
		for _, parse := range []func([]byte) (any, error){
			func(der []byte) (any, error) { return x509.ParseECPrivateKey(der) },
			func(der []byte) (any, error) { return x509.ParsePKCS1PrivateKey(der) },
			x509.ParsePKCS8PrivateKey,
		} {
			key, err := parse(block.Bytes)
			if signer, ok := key.(crypto.Signer); ok && err == nil {
				keys = append(keys, signer)
			}
		}
	}
	return keys
}
