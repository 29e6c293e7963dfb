package plan

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"kindling/generator/internal/node"
	"kindling/generator/lock"
	"kindling/templates"
)

// setID names a generation of documents, on the machines' consoles and in out/: documents with the same ID were made from the same
// cluster.yaml, local files, scripts and cluster CA. Nothing else of the PKI is in it, since one document must not cost more
// than the keys of its own node.
func setID(s *shared, caCert []byte) (string, error) {
	hash := sha256.New()
	cluster, err := json.Marshal(s.cluster)
	if err != nil {
		return "", err
	}
	for _, part := range [][]byte{cluster, templates.Digest(), caCert} {
		fmt.Fprintf(hash, "%d\n%s", len(part), part)
	}
	files := slices.Concat(s.local.everywhere, extraFiles(s.cluster.ExtraFiles), clusterWide(machine{shared: s}).Files)
	for _, n := range s.cluster.Nodes {
		files = append(files, extraFiles(n.ExtraFiles)...)
		if config := s.cluster.NetworkConfigOf(n); config != nil {
			files = append(files, node.Public("network-config", config))
		}
	}
	for _, certificate := range s.cluster.TrustedCAs() {
		hash.Write(certificate)
	}
	hash.Write(s.cluster.Secrets.Authorities())
	for _, host := range slices.Sorted(maps.Keys(s.cluster.Registries)) {
		hash.Write(s.cluster.Registries[host].Authorities())
	}
	for _, item := range lock.Wanted(s.cluster).Items {
		d, _ := s.local.pinned.Find(item)
		fmt.Fprintln(hash, d.SHA256)
	}
	for _, r := range lock.Wanted(s.cluster).Repositories {
		fmt.Fprintln(hash, s.local.pinned.Repository(r.URL))
	}
	for _, s := range s.cluster.Snippets {
		fmt.Fprintf(hash, "%d\n%s", len(s.Data()), s.Data())
	}
	for _, f := range files {
		fmt.Fprintf(hash, "%s %o %d\n%s", f.Path, f.Mode, len(f.Content), f.Content)
	}
	return hex.EncodeToString(hash.Sum(nil)[:6]), nil
}
