package generator

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strings"

	"kindling/generator/internal/redact"
	"kindling/pki"
)

// Index is out/index.json: the set for programs, such as Terraform's jsondecode. There is no secret in it. docs/index.schema.json is its
// JSON schema, with the comments of these types.
type Index struct {
	APIVersion string `json:"apiVersion" jsonschema:"enum=kindling/v1alpha1"`
	Kind       string `json:"kind" jsonschema:"enum=Index"`
	// Cluster is the cluster's name.
	Cluster           string `json:"cluster"`
	KubernetesVersion string `json:"kubernetesVersion"`
	// Endpoint is the address of the API for everybody, with its port.
	Endpoint string `json:"endpoint"`
	// Set names this generation of documents, as the machines' consoles do.
	Set string `json:"set"`
	// Nodes are the machines and pools, by their names.
	Nodes map[string]IndexNode `json:"nodes"`
	// Spec is what the set was made from, by the fields of cluster.yaml, so that the next set can be compared with it. Fingerprints, salted
	// with a secret of the cluster, stand for everything in which a secret may be.
	Spec map[string]string `json:"spec,omitempty"`
	// PKI is the SHA-256 of the cluster's CA certificate.
	PKI string `json:"pki,omitempty"`
	// Rotation is the stage of each rotation that is not over, by the words of kindling pki rotate.
	Rotation map[string]pki.Stage `json:"rotation,omitempty"`
	// Lock is the SHA-256 of what kindling.lock pins for the cluster.
	Lock string `json:"lock,omitempty"`
}

// IndexNode is one node of the index.
type IndexNode struct {
	Role string `json:"role" jsonschema:"enum=control-plane,enum=worker,enum=etcd,enum=load-balancer"`
	// Address is missing for a pool.
	Address string `json:"address,omitempty"`
	// MAC is the address by which a machine that boots over the network finds its script.
	MAC string `json:"mac,omitempty"`
	// Count is "any" for a pool, whose machines share a document.
	Count string `json:"count,omitempty" jsonschema:"enum=any"`
	// OS is the operating system, as in cluster.yaml.
	OS string `json:"os"`
	// Format is that of the document.
	Format Format `json:"format" jsonschema:"enum=cloud-init,enum=ignition"`
	// Provider is where the machine runs, as in cluster.yaml.
	Provider string `json:"provider,omitempty"`
	// Document is the path of the file that the provider gets, below out/.
	Document string `json:"document"`
	// Files are all of the node's, by their paths below out/.
	Files map[string]IndexFile `json:"files"`
	// Expires is when the first of the document's certificates does (RFC 3339).
	Expires string `json:"expires" jsonschema:"format=date-time"`
}

// IndexFile is one file of a node.
type IndexFile struct {
	Bytes int `json:"bytes" jsonschema:"minimum=0"`
	// SHA256 is the sum of the file, in hexadecimal digits.
	SHA256 string `json:"sha256" jsonschema:"pattern=^[0-9a-f]{64}$"`
	// Secret files have keys or tokens.
	Secret bool `json:"secret"`
}

// SecretPart is the path of a node's secret part below out/, where documents are public.
func SecretPart(node string) string { return "secret/" + node }

// ParseIndex reads out/index.json. It is not ok if the text is something else.
func ParseIndex(text []byte) (index Index, ok bool) {
	err := json.Unmarshal(text, &index)
	return index, err == nil && index.Kind == "Index" && strings.HasPrefix(index.APIVersion, "kindling/")
}

// Follows reports whether the set is of the stage of a rotation that comes after that of the set before.
func (i Index) Follows(before Index, word string) bool {
	return stageOf(i, word) == pki.Next(stageOf(before, word))
}

func stageOf(i Index, word string) pki.Stage {
	if stage := i.Rotation[word]; stage != "" {
		return stage
	}
	return pki.Drop
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
		Endpoint: c.ControlPlaneEndpoint, Set: g.plan.Set(), Nodes: s.index, Spec: values, PKI: sum(ca.Cert), Rotation: g.bundle.Rotations(), Lock: g.pinned.Digest(c),
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
