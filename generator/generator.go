// Package generator is the one place where the stages meet: a [spec.Cluster] and a [pki.Bundle] become a plan for each
// node, and a renderer makes a document of it. It makes no keys and signs nothing, so that the same input gives the same
// bytes on every machine and every day.
//
//	g, err := generator.New(cluster, bundle, pinned)
//	document, err := g.Document("cp0", "")
package generator

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"kindling/generator/internal/distro"
	"kindling/generator/internal/document"
	"kindling/generator/internal/plan"
	"kindling/generator/internal/provider"
	"kindling/generator/lock"
	"kindling/generator/spec"
	"kindling/pki"
	"kindling/templates"
)

// Format is the form of a document: CloudInit, Ignition or Butane. Empty is the one of the node's operating system.
type Format = distro.Format

// The formats.
const (
	CloudInit = distro.CloudInit
	Ignition  = distro.Ignition
	Butane    = distro.Butane
)

// Encoding is how a document travels: Text, Gzip or Base64. Empty is the one that the node's provider takes.
type Encoding = provider.Encoding

// The encodings.
const (
	Text   = provider.Text
	Gzip   = provider.Gzip
	Base64 = provider.Base64
)

// Generator makes the documents of one cluster. It is for one goroutine.
type Generator struct {
	cluster *spec.Cluster
	bundle  *pki.Bundle
	plan    *plan.Plan
	pinned  *lock.Lock
	// documents keeps what nodes share.
	documents *document.Maker
}

// New prepares a Generator. The bundle must have passed [pki.Bundle.Check] with the [SetRequest] of the cluster, or for the
// document of one node with its [NodeRequest]. pinned is kindling.lock. See [Supported]. The error names what is not pinned.
func New(c *spec.Cluster, b *pki.Bundle, pinned *lock.Lock) (*Generator, error) {
	p, err := plan.New(c, b, pinned)
	if err != nil {
		return nil, err
	}
	return &Generator{c, b, p, pinned, document.NewMaker()}, nil
}

// ParseScript reads a bash script. The error names the line and the column.
func ParseScript(script string) error {
	_, err := templates.Parse(script)
	return err
}

// Kubeconfig is an administrator's access through controlPlaneEndpoint. super does not depend on the ClusterRoleBinding
// that the first control plane creates, and exists from Kubernetes 1.29. The bundle must have passed [pki.Bundle.Check] with
// [KubeconfigRequest].
func Kubeconfig(c *spec.Cluster, b *pki.Bundle, super bool) []byte {
	k := pki.Kubeconfig{
		Cluster: c.Name, Server: "https://" + c.ControlPlaneEndpoint, User: "kubernetes-admin", CACert: b.Trusted(pki.CA), Client: b.Pair(pki.Admin),
	}
	if super {
		k.User, k.Client = "kubernetes-super-admin", b.Pair(pki.SuperAdmin)
	}
	return k.YAML()
}

// Document makes the document of the node of this name. No format is that of its operating system, and no encoding that of its
// provider.
func (g *Generator) Document(name string, format Format, encoding Encoding) ([]byte, error) {
	of, err := nodeOf(g.cluster, name)
	if err != nil {
		return nil, err
	}
	n, err := g.plan.Node(of)
	if err != nil {
		return nil, err
	}
	format = cmp.Or(format, n.OS.Format)
	taken := document.EncodingFor(of.Platform(), format)
	made, err := g.documents.Make(n, format, cmp.Or(encoding, taken))
	if err != nil || encoding != "" && encoding != taken || format == Butane {
		return made, err // not what the provider gets
	}
	return made, g.checkSize(n, of.Platform(), made)
}

// PublicDocuments reports whether anyone may read the documents, since secret parts have what is secret.
func (g *Generator) PublicDocuments() bool { return g.cluster.SplitsSecrets() }

// SecretPart makes the secret part of the node of this name. A cluster whose documents have all in them has none.
func (g *Generator) SecretPart(name string) ([]byte, error) {
	of, err := nodeOf(g.cluster, name)
	if err != nil {
		return nil, err
	}
	if !g.cluster.SplitsSecrets() {
		return nil, errors.New("there are no secret parts: cluster.yaml does not say `secrets: {delivery: split}`")
	}
	n, err := g.plan.Node(of)
	return n.Part, err
}

func nodeOf(c *spec.Cluster, name string) (spec.Node, error) {
	i := slices.IndexFunc(c.Nodes, func(n spec.Node) bool { return n.Name == name })
	if i < 0 {
		return spec.Node{}, fmt.Errorf("no node %q in cluster.yaml%s; its nodes are %s", name, spec.DidYouMean(name, names(c)), nodeNames(c))
	}
	return c.Nodes[i], nil
}

func names(c *spec.Cluster) (names []string) {
	for _, n := range c.Nodes {
		names = append(names, n.Name)
	}
	return names
}

// nodeNames lists the first nodes.
func nodeNames(c *spec.Cluster) string {
	list := names(c)
	if len(list) > 10 {
		list = append(list[:10], "…")
	}
	return strings.Join(list, ", ")
}
