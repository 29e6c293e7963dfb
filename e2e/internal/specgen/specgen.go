package specgen

import (
	"fmt"
	"strings"
)

// A Spec is a cluster.yaml and what it names.
type Spec struct {
	// Text is cluster.yaml.
	Text []byte
	// Files are the local files beside it, by their relative paths.
	Files map[string]string
}

// Releases has a release of every minor whose documents kindling makes.
var Releases = []string{
	"v1.37.2", "v1.36.3", "v1.35.4", "v1.34.4", "v1.33.13", "v1.32.13", "v1.31.14", "v1.30.14", "v1.29.15", "v1.28.15", "v1.37.0", "v1.31.0", "v1.30.0", "v1.34.9999",
}

// Make makes a spec of one of these releases.
func Make(data []byte, releases []string) Spec {
	m := &maker{stream: stream{data}, files: map[string]string{}}
	m.version = pick(&m.stream, releases...)
	fmt.Sscanf(m.version, "v1.%d.", &m.minor)
	root := m.node(m.cluster())
	if m.one(8) {
		m.anywhere(root)
	}
	text := write(root)
	switch m.below(16) {
	case 1:
		text = append([]byte("---\n"), text...)
	case 2:
		text = []byte(strings.ReplaceAll(string(text), "\n", "\r\n"))
	case 3:
		text = append([]byte("\ufeff"), text...)
	case 4:
		text = append(text, "# ä: the end"...)
	}
	return Spec{text, m.files}
}

// A maker makes one spec.
type maker struct {
	stream
	version string
	minor   int
	// families of all addresses: 4, 6 or both, in the cluster's order.
	families []int
	// block of addresses that the machines are in.
	block   int
	nodes   []machine
	balance balance
	files   map[string]string
}

// A machine is a node, as far as other fields depend on it.
type machine struct {
	name, role, os, method string
	any                    bool
}

// has reports whether there is a machine of a role.
func (m *maker) has(role string) bool {
	for _, n := range m.nodes {
		if n.role == role {
			return true
		}
	}
	return false
}

// local adds a local file, and returns its path.
func (m *maker) local(name, content string) string {
	m.files[name] = content
	return pick(&m.stream, name, "./"+name)
}

// texts returns up to n strings of a list.
func (m *maker) strings(n int, of ...string) []any {
	var list []any
	for _, s := range some(&m.stream, n, of...) {
		list = append(list, s)
	}
	return list
}
