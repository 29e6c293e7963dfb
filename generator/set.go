package generator

import (
	"iter"
	"time"

	"kindling/generator/internal/node"
	"kindling/generator/internal/provider"
	"kindling/generator/spec"
	"kindling/templates"
)

// Artifact is one file of a set.
type Artifact struct {
	// Path below out/, with slashes.
	Path string
	// Node that it belongs to; empty for an artifact of the whole set.
	Node string
	Data []byte
	// Document artifacts are a node's document in one of its forms.
	Document bool
	// Secret artifacts hold keys or tokens.
	Secret bool
	// Counted is the one artifact of a node that its provider gets, and whose size it limits.
	Counted bool
}

// Set is everything that a cluster is generated into.
type Set struct {
	generator *Generator
	rows      []readmeRow
	index     map[string]IndexNode
	fitting   []fit
	// beside are the nodes' other artifacts without a secret.
	beside []Artifact
	// withoutProvider says that README.md lists all limits.
	withoutProvider bool
	pxe             bool
	tooLarge        []error
}

// Set returns the cluster's set.
func (g *Generator) Set() *Set {
	s := &Set{generator: g, index: make(map[string]IndexNode, len(g.cluster.Nodes))}
	for _, p := range provider.Limited() {
		s.fitting = append(s.fitting, fit{Provider: p})
	}
	return s
}

// Artifacts streams the set in a fixed order: the files of each node in the spec's order, then what describes them all. It ends at
// the first error; documents that are too large are one error at the end of the nodes.
func (s *Set) Artifacts() iter.Seq2[Artifact, error] {
	return func(yield func(Artifact, error) bool) {
		for _, n := range s.generator.cluster.Nodes {
			artifacts, err := s.node(n)
			if !yieldAll(yield, artifacts, err) {
				return
			}
		}
		artifacts, err := s.overview()
		yieldAll(yield, artifacts, err)
	}
}

func yieldAll(yield func(Artifact, error) bool, artifacts []Artifact, err error) bool {
	if err != nil {
		yield(Artifact{}, err)
		return false
	}
	for _, a := range artifacts {
		if !yield(a, nil) {
			return false
		}
	}
	return true
}

// node makes the files of one node, and takes down what the overview says about it.
func (s *Set) node(n spec.Node) ([]Artifact, error) {
	planned, err := s.generator.plan.Node(n)
	if err != nil {
		return nil, err
	}
	files, err := s.generator.documents.Files(s.generator.cluster.Name, planned, n.Platform())
	if err != nil {
		return nil, err
	}
	entry := IndexNode{
		Role: n.Role, Address: n.Address, MAC: n.MAC, Count: n.Count, OS: planned.OS.Name, Format: planned.OS.Format,
		Provider: n.Platform().Name, Files: map[string]IndexFile{}, Expires: planned.Expires.UTC().Format(time.RFC3339),
	}
	var artifacts []Artifact
	for _, f := range files {
		a := Artifact{Path: "nodes/" + n.Name + "/" + f.Name, Node: n.Name, Data: f.Data, Document: f.Document, Secret: f.Document && planned.Part == nil, Counted: f.Counted}
		if a.Counted {
			entry.Document = a.Path
			if err := s.counted(n, planned, f.Name, a); err != nil {
				return nil, err
			}
		}
		artifacts = append(artifacts, a)
	}
	if planned.Part != nil {
		artifacts = append(artifacts, Artifact{Path: SecretPart(n.Name), Node: n.Name, Data: planned.Part, Secret: true})
	}
	if n.MAC != "" {
		s.pxe = true
		more, err := s.generator.networkBoot(n, planned, artifacts)
		if err != nil {
			return nil, err
		}
		artifacts = append(artifacts, more...)
	}
	for _, a := range artifacts {
		entry.Files[a.Path] = indexFile(a)
		if !a.Document && !a.Secret {
			s.beside = append(s.beside, a)
		}
	}
	s.index[n.Name] = entry
	return artifacts, nil
}

// counted looks at the document that the provider gets.
func (s *Set) counted(n spec.Node, planned node.Node, file string, a Artifact) error {
	s.rows = append(s.rows, readmeRow{n.Name, n.Role, n.Address, planned.OS.Name, file, len(a.Data)})
	if err := s.generator.checkSize(planned, n.Platform(), a.Data); err != nil {
		s.tooLarge = append(s.tooLarge, err)
	}
	if n.Platform().Name != "" {
		return nil
	}
	s.withoutProvider = true
	return s.tryFits(planned, a.Data)
}

// overview is what describes the nodes' artifacts.
func (s *Set) overview() ([]Artifact, error) {
	if s.tooLarge != nil {
		return nil, joined(s.tooLarge)
	}
	index, err := s.indexJSON()
	if err != nil {
		return nil, err
	}
	readme, err := s.readme()
	artifacts := []Artifact{{Path: "index.json", Data: index}, {Path: "README.md", Data: readme}}
	if s.pxe {
		artifacts = append([]Artifact{{Path: "ipxe/boot.ipxe", Data: []byte(templates.IPXE("boot.ipxe"))}}, artifacts...)
	}
	return artifacts, err
}
