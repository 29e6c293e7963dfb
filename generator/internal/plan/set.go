package plan

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"

	"kindling/generator/spec"
	"kindling/pki"
	"kindling/templates"
)

// setID names a generation of documents, on the machines' consoles and in out/: documents with the same ID were made from the same
// cluster.yaml, local files, scripts and cluster CA. Nothing else of the PKI is in it, since one document must not cost more
// than the keys of its own node.
func setID(c *spec.Cluster, b *pki.Bundle, files ...[]File) (string, error) {
	hash := sha256.New()
	cluster, err := json.Marshal(c)
	if err != nil {
		return "", err
	}
	for _, part := range [][]byte{cluster, templates.Digest(), b.CA.Cert} {
		fmt.Fprintf(hash, "%d\n%s", len(part), part)
	}
	for _, list := range files {
		for _, f := range list {
			fmt.Fprintf(hash, "%s %o %d\n%s", f.Path, f.Mode, len(f.Content), f.Content)
		}
	}
	return hex.EncodeToString(hash.Sum(nil)[:6]), nil
}
