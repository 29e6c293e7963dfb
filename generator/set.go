package generator

import (
	"iter"
	"strings"

	"kindling/generator/internal/node"
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
	// Secret artifacts hold keys or tokens.
	Secret bool
	// Counted is the one artifact of a node whose size a provider limits.
	Counted bool
}

// Set is everything that a cluster is generated into.
type Set struct {
	generator *Generator
	summary   *summary
}

// Set returns the cluster's set.
func (g *Generator) Set() *Set { return &Set{g, newSummary(g)} }

// Artifacts streams the set in a fixed order: the files of each node in the spec's order, and at last what describes them all. It
// ends at the first error.
func (s *Set) Artifacts() iter.Seq2[Artifact, error] {
	return func(yield func(Artifact, error) bool) {
		for _, n := range s.generator.cluster.Nodes {
			artifacts, err := s.node(n)
			if err != nil {
				yield(Artifact{}, err)
				return
			}
			for _, a := range artifacts {
				if !yield(a, nil) {
					return
				}
			}
		}
		if s.summary.pxe && !yield(Artifact{Path: "ipxe/boot.ipxe", Data: []byte(templates.IPXE("boot.ipxe"))}, nil) {
			return
		}
		yield(Artifact{Path: "README.md", Data: s.summary.markdown()}, nil)
	}
}

// Warnings are about the artifacts that were streamed.
func (s *Set) Warnings() []string { return s.summary.warnings }

func (s *Set) node(n spec.Node) ([]Artifact, error) {
	planned, err := s.generator.plan.Node(n)
	if err != nil {
		return nil, err
	}
	files, err := s.generator.documents.Files(s.generator.cluster.Name, planned)
	if err != nil {
		return nil, err
	}
	var artifacts []Artifact
	for _, f := range files {
		artifacts = append(artifacts, Artifact{Path: "nodes/" + n.Name + "/" + f.Name, Node: n.Name, Data: f.Data, Secret: f.Secret, Counted: f.Counted})
		if !f.Counted {
			continue
		}
		if err := checkSize(n.Name, f.Data); err != nil {
			return nil, err
		}
		s.summary.add(planned, n, len(f.Data))
	}
	if n.MAC != "" {
		artifacts = append(artifacts, Artifact{Path: "ipxe/" + strings.ReplaceAll(n.MAC, ":", "-") + ".ipxe", Node: n.Name, Data: ipxeScript(planned)})
	}
	return artifacts, nil
}

func ipxeScript(n node.Node) []byte {
	return []byte(strings.NewReplacer("@ARGS@", strings.ReplaceAll(n.OS.KernelArgs, "@NODE@", n.Name), "@NODE@", n.Name, "@OS@", n.OS.Name).
		Replace(templates.IPXE("node.ipxe")))
}
