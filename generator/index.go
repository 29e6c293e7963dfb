package generator

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"

	"kindling/generator/internal/redact"
	"kindling/pki"
)

// Index is out/index.json: the set for programs, such as Terraform's jsondecode. There is no secret in it.
type Index struct {
	APIVersion        string               `json:"apiVersion"`
	Kind              string               `json:"kind"`
	Cluster           string               `json:"cluster"`
	KubernetesVersion string               `json:"kubernetesVersion"`
	Endpoint          string               `json:"endpoint"`
	Set               string               `json:"set"` // names this generation of documents, as the machines' consoles do
	Nodes             map[string]IndexNode `json:"nodes"`
	// Spec is what the set was made from, by the fields of cluster.yaml, so that the next set can be compared with it. Fingerprints, salted
	// with a secret of the cluster, stand for everything in which a secret may be.
	Spec map[string]string `json:"spec,omitempty"`
	// PKI is the SHA-256 of the cluster's CA certificate, and Lock that of what kindling.lock pins for it.
	PKI  string `json:"pki,omitempty"`
	Lock string `json:"lock,omitempty"`
}

// IndexNode is one node of the index.
type IndexNode struct {
	Role     string               `json:"role"`
	Address  string               `json:"address,omitempty"`
	MAC      string               `json:"mac,omitempty"`
	Count    string               `json:"count,omitempty"` // "any" for a pool
	OS       string               `json:"os"`
	Format   Format               `json:"format"`
	Provider string               `json:"provider,omitempty"`
	Document string               `json:"document"` // the file that the provider gets
	Files    map[string]IndexFile `json:"files"`    // by their paths below out/
	Expires  string               `json:"expires"`  // when the first of the document's certificates does (RFC 3339)
}

// IndexFile is one file of a node.
type IndexFile struct {
	Bytes  int    `json:"bytes"`
	SHA256 string `json:"sha256"`
	Secret bool   `json:"secret"`
}

func indexFile(a Artifact) IndexFile {
	return IndexFile{len(a.Data), sum(a.Data), a.Secret}
}

// Index is what index.json says. It comes after [Set.Artifacts].
func (s *Set) Index() Index {
	g := s.generator
	c, ca := g.cluster, g.bundle.Pair(pki.CA)
	r := redact.New(ca.Key)
	values := map[string]string{}
	for field, value := range c.Values() {
		values[field] = value.Text
		if !value.Plain {
			values[field] = r.Fingerprint([]byte(value.Text))
		}
	}
	return Index{
		APIVersion: "kindling/v1alpha1", Kind: "Index", Cluster: c.Name, KubernetesVersion: c.KubernetesVersion,
		Endpoint: c.ControlPlaneEndpoint, Set: g.plan.Set(), Nodes: s.index, Spec: values, PKI: sum(ca.Cert), Lock: g.pinned.Digest(c),
	}
}

func sum(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

func (s *Set) indexJSON() ([]byte, error) {
	text, err := json.MarshalIndent(s.Index(), "", "  ")
	return append(text, '\n'), err
}
