// Package snippet reads documents of the user's own, cloud-config and Butane, and merges them: [ReadCloudConfig] and [ReadButane] say
// everything that is wrong with one, with its lines. [CloudConfig] and [Merge] put those of a machine together.
//
// Scalars stay as they are written, so that cloud-init's reader of YAML 1.1 makes of them what it makes of the user's own file.
package snippet

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"
)

// Snippet is a document of the user's own, as it was read. It may hold secrets.
type Snippet struct {
	// Name of its file.
	Name string
	// Variant and Version are Butane's. Cloud-config has none.
	Variant, Version string
	// Places are what it writes on the machine.
	Places []Place

	root *yaml.Node
}

// Place is a path on the machine, and the line that has it.
type Place struct {
	Path string
	Line int
}

// Fault is what is wrong with a line of a snippet.
type Fault struct {
	Line int
	Text string
}

// Error has the line, but not the file.
func (f Fault) Error() string { return fmt.Sprintf("line %d: %s", f.Line, f.Text) }

func faultAt(n *yaml.Node, format string, args ...any) Fault {
	return Fault{n.Line, fmt.Sprintf(format, args...)}
}

// inOrder joins faults in the order of their lines.
func inOrder(errs []error) error {
	line := func(err error) int {
		var f Fault
		errors.As(err, &f)
		return f.Line
	}
	slices.SortStableFunc(errs, func(a, b error) int { return cmp.Compare(line(a), line(b)) })
	return errors.Join(errs...)
}

// parse reads the one mapping of a document.
func parse(text []byte) (*yaml.Node, error) {
	loader, err := yaml.NewLoader(bytes.NewReader(text))
	if err != nil {
		return nil, err
	}
	var doc, next yaml.Node
	switch err := loader.Load(&doc); {
	case errors.Is(err, io.EOF), err == nil && (len(doc.Content) == 0 || doc.Content[0].Tag == "!!null"):
		return nil, errors.New("has nothing in it")
	case err != nil:
		return nil, fmt.Errorf("is no YAML: %s", strings.Join(strings.Fields(err.Error()), " "))
	}
	root := doc.Content[0]
	if root.Kind != yaml.MappingNode {
		return nil, faultAt(root, "must be a mapping of keys to values")
	}
	if err := loader.Load(&next); !errors.Is(err, io.EOF) {
		return nil, errors.New("has a second document; put it into a file of its own")
	}
	return root, inOrder(refused(root))
}

// refused finds YAML that cannot be merged: names for other parts of the file, and keys that are there twice.
func refused(n *yaml.Node) []error {
	var errs []error
	switch {
	case n.Kind == yaml.AliasNode || n.Anchor != "":
		errs = append(errs, faultAt(n, "anchors and aliases cannot be merged; write the value itself"))
	case n.Kind == yaml.ScalarNode && n.Tag == "!!merge":
		errs = append(errs, faultAt(n, "<< cannot be merged; write the keys themselves"))
	case n.Style&yaml.TaggedStyle != 0 && !slices.Contains([]string{"!!binary", "!!str"}, n.Tag):
		errs = append(errs, faultAt(n, "the tag %s cannot be merged; remove it", n.Tag))
	}
	seen := map[string]int{}
	for i, child := range n.Content {
		if n.Kind == yaml.MappingNode && i%2 == 0 {
			if child.Kind != yaml.ScalarNode {
				errs = append(errs, faultAt(child, "a key must be a single word"))
			} else if first, twice := seen[child.Value]; twice {
				errs = append(errs, faultAt(child, "%s is already in line %d; keep one of them", child.Value, first))
			}
			seen[child.Value] = child.Line
		}
		errs = append(errs, refused(child)...)
	}
	return errs
}

// at follows keys from a node. It returns nil where there is no such key, or no value.
func at(n *yaml.Node, keys ...string) *yaml.Node {
	for _, key := range keys {
		value := child(n, key)
		if value == nil || value.Tag == "!!null" {
			return nil
		}
		n = value
	}
	return n
}

func child(n *yaml.Node, key string) *yaml.Node {
	if n == nil || n.Kind != yaml.MappingNode {
		return nil
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			return n.Content[i+1]
		}
	}
	return nil
}

// items are those of a list; none where there is no list.
func items(n *yaml.Node) []*yaml.Node {
	if n == nil || n.Kind != yaml.SequenceNode {
		return nil
	}
	return n.Content
}
