package node

import (
	"encoding/asn1"
	"encoding/pem"
)

// Key is a private key without what can be computed from the rest: size decides whether a document can be launched. A key on an
// elliptic curve may leave out its public half (RFC 5915, section 3); every reader computes it.
func Key(path string, content []byte) File {
	var ecPrivateKey struct {
		Version       int
		PrivateKey    []byte
		NamedCurveOID asn1.ObjectIdentifier `asn1:"optional,explicit,tag:0"`
		PublicKey     asn1.BitString        `asn1:"optional,explicit,tag:1"`
	}
	block, rest := pem.Decode(content)
	if block == nil || block.Type != "EC PRIVATE KEY" || len(rest) > 0 {
		return Secret(path, content)
	}
	if _, err := asn1.Unmarshal(block.Bytes, &ecPrivateKey); err != nil || len(ecPrivateKey.NamedCurveOID) == 0 {
		return Secret(path, content)
	}
	ecPrivateKey.PublicKey = asn1.BitString{}
	short, err := asn1.Marshal(ecPrivateKey)
	if err != nil {
		return Secret(path, content)
	}
	return Secret(path, pem.EncodeToMemory(&pem.Block{Type: block.Type, Bytes: short}))
}
