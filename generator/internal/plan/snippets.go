package plan

import (
	"errors"
	"fmt"

	"kindling/generator/internal/node"
	"kindling/generator/internal/snippet"
)

// snippets are the user's own documents for this machine, in both formats.
func snippets(m machine) []snippet.Snippet {
	var list []snippet.Snippet
	for _, s := range m.cluster.Snippets {
		if s.For(m.Node) {
			list = append(list, s.Document())
		}
	}
	return list
}

// taken finds files that a snippet writes and that are among the node's. Most of these validate has refused already.
func taken(n node.Node) error {
	have := map[string]bool{}
	for _, f := range n.All() {
		have[f.Path] = true
	}
	for _, u := range n.Units {
		if u.Content != "" {
			have["/etc/systemd/system/"+u.Name] = true
		}
	}
	var errs []error
	for _, s := range n.SnippetsFor(n.OS.Format) {
		for _, p := range s.Places {
			if have[p.Path] {
				errs = append(errs, fmt.Errorf("%s, line %d: kindling writes %s itself; choose another path", s.Name, p.Line, p.Path))
			}
		}
	}
	return errors.Join(errs...)
}
