package generator

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
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
	sum := sha256.Sum256(a.Data)
	return IndexFile{len(a.Data), hex.EncodeToString(sum[:]), a.Secret}
}

func (s *Set) indexJSON() ([]byte, error) {
	c := s.generator.cluster
	text, err := json.MarshalIndent(Index{
		APIVersion: "kindling/v1alpha1", Kind: "Index", Cluster: c.Name, KubernetesVersion: c.KubernetesVersion,
		Endpoint: c.ControlPlaneEndpoint, Set: s.generator.plan.Set(), Nodes: s.index,
	}, "", "  ")
	return append(text, '\n'), err
}
