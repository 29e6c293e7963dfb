package matrix

import (
	"maps"
	"os"
	"path/filepath"
	"strings"

	"kindling/e2e/internal/document"
	"kindling/e2e/internal/kindling"
)

// A Case is a fault, as the test that injects it.
type Case struct {
	Name    string
	Package string // in the module e2e
	Test    string
	// Specs are the clusters whose documents its machines boot, as paths below kindling's own module.
	Specs []string
	// Nodes is a pattern for the nodes that it boots.
	Nodes string
}

// Scripts returns the scripts and units that the case's machines run.
func (c Case) Scripts() (document.Scripts, error) {
	all := document.Scripts{}
	for _, spec := range c.Specs {
		scripts, err := scriptsOf(filepath.Join(kindling.Source(), spec), c.Nodes)
		if err != nil {
			return nil, err
		}
		maps.Copy(all, scripts)
	}
	return all, nil
}

func scriptsOf(spec, nodes string) (document.Scripts, error) {
	dir, err := os.MkdirTemp("", "matrix-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	documents, err := kindling.GenerateIn(dir, spec)
	if err != nil {
		return nil, err
	}
	return documents.Scripts(nodes)
}

// current reports whether a row was recorded with these scripts, at a clean commit.
func (r Row) current(scripts document.Scripts) bool {
	return r.Scripts == scripts.Key() && !strings.HasSuffix(r.Commit, "-dirty")
}

// Stale returns the cases that have no row for their current scripts, recorded at a clean commit.
func Stale(cases []Case, table Table) ([]Case, error) {
	var stale []Case
	for _, c := range cases {
		scripts, err := c.Scripts()
		if err != nil {
			return nil, err
		}
		if row, ok := table[c.Name]; !ok || !row.current(scripts) {
			stale = append(stale, c)
		}
	}
	return stale, nil
}
