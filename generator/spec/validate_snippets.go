package spec

import (
	"fmt"
	"slices"
	"strings"

	"kindling/generator/internal/distro"
	"kindling/generator/internal/snippet"
	"kindling/generator/internal/yamlfile"
)

func (c *checker) checkSnippets() {
	for i := range c.Snippets {
		s, p := &c.Snippets[i], at("snippets", i)
		cloudConfig, butane := c.Has(p.With("cloudConfig")), c.Has(p.With("butane"))
		switch {
		case cloudConfig && butane:
			c.Errorf(p.With("butane"), "the snippet has both cloudConfig and butane; write two")
		case !cloudConfig && !butane && c.Sound(p.With("cloudConfig")...) && c.Sound(p.With("butane")...):
			c.Errorf(p, "the snippet has neither cloudConfig nor butane; add one of them")
		}
		c.checkRoles(p.With("roles"), s.Roles)
		if len(s.Roles) > 0 && len(s.Nodes) > 0 {
			c.Errorf(p.With("nodes"), "the snippet has both roles and nodes; keep one of them")
		}
		c.checkNodeNames(p.With("nodes"), s.Nodes)
		if cloudConfig != butane && c.local.Files != nil {
			c.checkSnippet(p, s)
		}
	}
	c.checkTogether()
}

// checkNodeNames wants names of the cluster's nodes.
func (c *checker) checkNodeNames(p yamlfile.Path, names []string) {
	var known []string
	for _, n := range c.Nodes {
		known = append(known, n.Name)
	}
	for i, name := range names {
		if !slices.Contains(known, name) {
			c.Errorf(p.With(i), "unknown node %s%s", yamlfile.Quote(name), yamlfile.DidYouMean(name, known))
		}
	}
}

// checkSnippet reads a snippet and holds it against the machines that it is for.
func (c *checker) checkSnippet(p yamlfile.Path, s *Snippet) {
	file, name, read, format := p.With("cloudConfig"), s.CloudConfig, snippet.ReadCloudConfig, distro.CloudInit
	if s.Butane != "" {
		file, name, read, format = p.With("butane"), s.Butane, snippet.ReadButane, distro.Ignition
	}
	data, ok := c.readLocal(file, name)
	if !ok {
		return
	}
	document, err := read(name, data)
	if err != nil {
		c.eachFault(file, name, err)
		return
	}
	s.data, s.document = data, document
	var readers []Node
	for _, n := range c.Nodes {
		switch reads := s.For(n) && n.System().Format == format; {
		case reads:
			readers = append(readers, n)
		case s.names(n) && len(s.Nodes) > 0:
			c.Errorf(file, "%s is for %s, which does not read it: %s", yamlfile.Quote(name), n.Name, formatOf(n))
		}
	}
	if len(readers) == 0 && len(s.Nodes) == 0 {
		c.Errorf(file, "none of its machines reads %s%s", yamlfile.Quote(name), c.formats(s))
	}
	for _, place := range document.Places {
		if fault := c.snippetPathFault(place.Path, readers); fault != "" {
			c.Errorf(file, "%s: line %d: %s", yamlfile.Quote(name), place.Line, fault)
		}
	}
}

// formats says what the machines of a snippet read in its place.
func (c *checker) formats(s *Snippet) string {
	var list []string
	for _, n := range c.Nodes {
		if f := formatOf(n); s.names(n) && !slices.Contains(list, f) {
			list = append(list, f)
		}
	}
	if list == nil {
		return ""
	}
	return ": " + strings.Join(list, ", ")
}

// formatOf is what the node's operating system reads.
func formatOf(n Node) string {
	if os := n.System(); os.Format == distro.Ignition {
		return fmt.Sprintf("%s reads Butane of the variant %s", os.Name, os.ButaneVariant)
	} else {
		return os.Name + " reads cloud-config"
	}
}

// snippetPathFault says why a snippet cannot write a file on its machines, or "".
func (c *checker) snippetPathFault(name string, nodes []Node) string {
	if fault := c.pathFault(name); fault != "" {
		return fault
	}
	for _, n := range nodes {
		if fault := placeFault(name, n); fault != "" {
			return fault
		}
		if field := c.writer(n, real(name)); field != "" {
			return fmt.Sprintf("the field %s writes it, on %s; keep one of them", field, n.Name)
		}
		for i, f := range c.ExtraFiles {
			if f.For(n.Role) && real(f.Path) == real(name) {
				return fmt.Sprintf("%s is already written by %s; keep one of them", yamlfile.Quote(name), at("extraFiles", i))
			}
		}
		for i, f := range n.ExtraFiles {
			if real(f.Path) == real(name) {
				return fmt.Sprintf("%s is already written by extraFiles[%d] of %s; keep one of them", yamlfile.Quote(name), i, n.Name)
			}
		}
	}
	return ""
}

// checkTogether finds what the snippets of a machine say against each other, or against cluster.yaml. Machines with the same snippets
// are looked at once.
func (c *checker) checkTogether() {
	seen := map[string]bool{}
	for _, n := range c.Nodes {
		var (
			set  []snippet.Snippet
			last int
			key  strings.Builder
		)
		for i, s := range c.Snippets {
			if s.data != nil && s.For(n) && (s.document.Variant == "") == (n.System().Format == distro.CloudInit) {
				set, last = append(set, s.document), i
				fmt.Fprintf(&key, "%d ", i)
			}
		}
		if len(set) == 0 || seen[key.String()] {
			continue
		}
		seen[key.String()] = true
		for _, err := range c.togetherFaults(set) {
			if text := err.Error(); !seen[text] {
				seen[text] = true
				c.Errorf(at("snippets", last), "%s", text)
			}
		}
	}
}

// togetherFaults are those of the snippets of one machine.
func (c *checker) togetherFaults(set []snippet.Snippet) []error {
	if set[0].Variant != "" {
		_, errs := snippet.Merge(nil, set)
		return errs
	}
	config, errs := snippet.CloudConfig(set)
	if len(c.SSHAuthorizedKeys) > 0 && !config.CreatesDefaultUser() {
		errs = append(errs, fmt.Errorf("%s: users has no \"default\", the user who gets the keys of sshAuthorizedKeys; add it", config.At("users")))
	}
	if where := config.At("ntp"); where != "" && len(c.TimeServers) > 0 {
		errs = append(errs, fmt.Errorf("%s: ntp and the field timeServers both configure the time; keep one of them", where))
	}
	return errs
}
