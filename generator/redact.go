package generator

import (
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"

	"kindling/generator/internal/node"
	"kindling/generator/internal/redact"
	"kindling/generator/spec"
	"kindling/pki"
)

// Redacted streams what may be committed and reviewed in the place of the set: for each node a description of its boot and its files,
// each kind of script once and readable, and the sums of the real documents. Fingerprints stand for all secrets. It comes after
// [Set.Artifacts], which has the sums.
func (s *Set) Redacted() iter.Seq2[Artifact, error] {
	r := redact.New(s.generator.bundle.Pair(pki.CA).Key)
	scripts := map[string]string{}
	return func(yield func(Artifact, error) bool) {
		for _, n := range s.generator.cluster.Nodes {
			planned, err := s.generator.plan.Node(n)
			if err != nil {
				yield(Artifact{}, err)
				return
			}
			if !yieldAll(yield, redactedNode(r, n, planned, scripts), nil) {
				return
			}
		}
		yieldAll(yield, append(s.beside, Artifact{Path: "SHA256SUMS", Data: s.sums()}, Artifact{Path: "README.md", Data: []byte(redactedReadme)}), nil)
	}
}

const redactedReadme = `# What the machines get

Made by ` + "`kindling generate --redact`" + `, to be committed and reviewed; edit cluster.yaml, not these files. There is no key and no token in it: ` + "`sha256:…`" + `
stands for a secret, salted with a secret of the cluster, and for a certificate.

- nodes/NAME/boot.txt: what the machine does at its boot, and what it gets
- nodes/NAME/files: its files, by their paths
- scripts: the scripts of the machines, one for each kind
- SHA256SUMS: the real documents. Where they are, ` + "`sha256sum --check`" + ` holds them against it.
`

// redactedNode are one node's files. scripts has the names of the scripts that other nodes have.
func redactedNode(r redact.Redactor, n spec.Node, planned node.Node, scripts map[string]string) []Artifact {
	dir := "nodes/" + n.Name + "/"
	var artifacts []Artifact
	i := slices.IndexFunc(planned.Files, func(f node.File) bool { return f.Source != "" })
	source := planned.Files[i].Source
	name, known := scripts[source]
	if !known {
		name = scriptName(planned, scripts)
		scripts[source] = name
		artifacts = append(artifacts, Artifact{Path: name, Data: []byte("#!/bin/bash\n" + source)})
	}
	head := strings.Join(slices.DeleteFunc([]string{n.Name + ": " + n.Role, planned.OS.Name, string(planned.OS.Format), n.Address, n.MAC, n.Count},
		func(s string) bool { return s == "" }), ", ")
	artifacts = append(artifacts, Artifact{Path: dir + "boot.txt", Data: redact.Boot(planned, head, name)})
	for _, f := range r.Files(planned, name) {
		artifacts = append(artifacts, Artifact{Path: dir + "files" + f.Path, Data: f.Data})
	}
	return artifacts
}

// scriptName names a kind of script after the role of its machines.
func scriptName(n node.Node, taken map[string]string) string {
	base := "scripts/" + n.Role
	names := slices.Collect(maps.Values(taken))
	name := base + ".sh"
	for nth := 2; slices.Contains(names, name); nth++ {
		name = fmt.Sprintf("%s-%d.sh", base, nth)
	}
	return name
}

// sums are those of the set's files, in the form of sha256sum.
func (s *Set) sums() []byte {
	var lines []string
	for _, n := range s.index {
		for path, file := range n.Files {
			lines = append(lines, file.SHA256+"  "+path+"\n")
		}
	}
	slices.SortFunc(lines, func(a, b string) int { return strings.Compare(a[66:], b[66:]) })
	return []byte(strings.Join(lines, ""))
}
