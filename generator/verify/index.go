package verify

import (
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"kindling/generator"
	"kindling/generator/internal/provider"
	"kindling/generator/spec"
)

// checkIndex looks at what index.json says about the nodes.
func (s *set) checkIndex() {
	unique := func(what string) func(value, name string) {
		owners := map[string]string{}
		return func(value, name string) {
			if owner, taken := owners[value]; taken {
				s.problem(indexName, regenerate, "gives %s and %s the same %s, %s", owner, name, what, value)
			}
			owners[value] = name
		}
	}
	address, mac, controlPlanes := unique("address"), unique("MAC"), 0
	for _, name := range s.names() {
		n := s.index.Nodes[name]
		if !slices.Contains([]string{spec.ControlPlane, spec.Worker, spec.EtcdMember, spec.LoadBalance}, n.Role) {
			s.problem(indexName, putBack, "gives %s the role %q, which does not exist", name, n.Role)
		}
		if n.Role == spec.ControlPlane {
			controlPlanes++
		}
		if (n.Address == "") != (n.Count != "") {
			s.problem(indexName, putBack, "has no address of %s, or one for a pool", name)
		}
		if n.Address != "" {
			for a := range strings.SplitSeq(n.Address, ",") {
				address(a, name)
			}
		}
		if n.MAC != "" {
			mac(n.MAC, name)
		}
		s.checkSize(name, n)
	}
	if controlPlanes == 0 {
		s.problem(indexName, putBack, "has no control plane")
	}
}

// checkSize looks at the document that the provider gets.
func (s *set) checkSize(name string, n generator.IndexNode) {
	p, known := provider.Lookup(n.Provider)
	if !known {
		s.problem(indexName, putBack, "gives %s the provider %q, which kindling does not know", name, n.Provider)
		return
	}
	if p.Name == "" {
		p = provider.Largest()
	}
	data, err := fs.ReadFile(s.files, n.Document)
	if err == nil && !p.Takes(data) {
		s.problem(n.Document, "have the image bring what is large, then run kindling generate",
			"has %d bytes as %s counts them, and it takes %d", p.Counts(data), p.Title, p.Limit)
	}
}

// checkValues holds a machine's values against the index.
func (s *set) checkValues(m *machine) {
	want := map[string]string{
		"SET": s.index.Set, "CLUSTER": s.index.Cluster, "CONTROL_PLANE_ENDPOINT": s.index.Endpoint,
		"KUBERNETES_VERSION": s.index.KubernetesVersion, "ROLE": m.Role,
	}
	if m.Count == "" {
		want["NAME"], want["NODE_IP"] = m.name, m.Address
		if text, found := m.gets.File("/etc/hostname"); found && string(text) != m.name+"\n" {
			s.wrong(m, "/etc/hostname is not %s", m.name)
		}
	}
	if first, _, _ := strings.Cut(m.Address, ","); m.Role == spec.ControlPlane || m.Role == spec.EtcdMember {
		want["ADDRESS"] = first
	}
	for _, key := range []string{"SET", "CLUSTER", "CONTROL_PLANE_ENDPOINT", "KUBERNETES_VERSION", "ROLE", "NAME", "NODE_IP", "ADDRESS"} {
		if value, has := want[key]; has && m.env[key] != value {
			s.wrong(m, "%s says %s=%q, and index.json %q", nodeEnv, key, m.env[key], value)
		}
	}
	if _, found := m.gets.File("/etc/kindling/run.sh"); !found {
		s.wrong(m, "has no /etc/kindling/run.sh")
	}
	if !slices.Contains(m.gets.Enabled, "kindling.service") {
		s.wrong(m, "does not enable kindling.service")
	}
	s.checkBeside(m)
}

// checkBeside looks at the files beside the documents.
func (s *set) checkBeside(m *machine) {
	name := fmt.Sprintf("nodes/%s/meta-data", m.name)
	data, err := fs.ReadFile(s.files, name)
	id := s.index.Cluster + "-" + m.name
	if err == nil && !slices.Contains([]string{id, `"` + id + `"`, "'" + id + "'"}, strings.TrimSpace(strings.TrimPrefix(string(data), "instance-id:"))) {
		s.problem(name, regenerate, "is not the meta-data of %s", id)
	}
	if m.MAC == "" {
		return
	}
	if data, err := fs.ReadFile(s.files, script(m.MAC)); err == nil && !strings.Contains(string(data), "echo "+m.name+" did not boot") {
		s.problem(script(m.MAC), regenerate, "does not boot %s", m.name)
	}
}
