package snippet

import (
	"fmt"

	"go.yaml.in/yaml/v4"
)

// identity is what makes two items of a list the same thing, by the list: Ignition's keys, and cloud-init's.
var identity = map[string]string{
	"users":                    "name",
	"write_files":              "path",
	"passwd.groups":            "name",
	"passwd.users":             "name",
	"storage.directories":      "path",
	"storage.disks":            "device",
	"storage.disks.partitions": "label",
	"storage.files":            "path",
	"storage.filesystems":      "device",
	"storage.links":            "path",
	"storage.luks":             "name",
	"storage.raid":             "name",
	"systemd.units":            "name",
	"systemd.units.dropins":    "name",
}

// whole are mappings of which one document has everything: half of each would be neither.
var whole = map[string]bool{"storage.files.contents": true}

// Conflict is a value of a snippet's that an earlier document has otherwise.
type Conflict struct {
	// Name of the snippet's file.
	Name string
	Fault
}

// Error has both places.
func (c Conflict) Error() string { return fmt.Sprintf("%s, line %d: %s", c.Name, c.Line, c.Text) }

// Merge puts snippets into a copy of a document of kindling's, or of nothing if that is nil: mappings key by key, lists one after the
// other; what has the same identity in a list is merged. Different values in one place are errors, each a [Conflict].
func Merge(ours *yaml.Node, snippets []Snippet) (*yaml.Node, []error) {
	m := merge(ours, snippets)
	return m.merged, m.errs
}

func merge(ours *yaml.Node, snippets []Snippet) merger {
	m := merger{origin: map[*yaml.Node]string{}, merged: &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map"}}
	if ours != nil {
		m.merged = m.copy(ours)
	}
	for _, s := range snippets {
		m.name = s.Name
		m.mapping(place{}, m.merged, s.root)
	}
	return m
}

type merger struct {
	merged *yaml.Node
	// name of the snippet that is being merged.
	name string
	// origin is the snippet and the line of each node.
	origin map[*yaml.Node]string
	errs   []error
}

// place is where a value is: its field, without indices, and in words.
type place struct{ field, words string }

func (p place) key(key string) place {
	if p.field == "" {
		return place{key, key}
	}
	return place{p.field + "." + key, p.words + "." + key}
}

func (p place) item(id string) place { return place{p.field, p.words + "[" + id + "]"} }

func (m *merger) mapping(p place, into, from *yaml.Node) {
	for i := 0; i+1 < len(from.Content); i += 2 {
		key, value := from.Content[i], from.Content[i+1]
		if have := child(into, key.Value); have != nil {
			m.value(p.key(key.Value), have, value)
		} else {
			into.Content = append(into.Content, m.copy(key), m.copy(value))
		}
	}
}

func (m *merger) value(p place, have, value *yaml.Node) {
	switch {
	case have.Kind == yaml.MappingNode && value.Kind == yaml.MappingNode && !whole[p.field]:
		m.mapping(p, have, value)
	case have.Kind == yaml.SequenceNode && value.Kind == yaml.SequenceNode:
		for _, item := range value.Content {
			if twin, id := twinOf(p.field, have, item); twin != nil {
				m.value(p.item(id), twin, item)
			} else {
				have.Content = append(have.Content, m.copy(item))
			}
		}
	case !same(have, value):
		other := m.origin[have]
		if other == "" {
			other = "kindling's own document"
		}
		m.errs = append(m.errs, Conflict{m.name, faultAt(value, "%s has another value in %s; keep one of them", p.words, other)})
	}
}

// twinOf finds the item of a list that is the same thing as another.
func twinOf(field string, list, item *yaml.Node) (twin *yaml.Node, id string) {
	key, known := identity[field]
	if !known || at(item, "append") != nil {
		return nil, ""
	}
	for _, candidate := range list.Content {
		a, b := child(candidate, key), child(item, key)
		if a == nil && b == nil { // a word, such as the user "default"
			a, b = candidate, item
		}
		if a != nil && b != nil && a.Kind == yaml.ScalarNode && same(a, b) {
			return candidate, b.Value
		}
	}
	return nil, ""
}

func same(a, b *yaml.Node) bool {
	if a.Kind != b.Kind || a.Tag != b.Tag || a.Value != b.Value || len(a.Content) != len(b.Content) {
		return false
	}
	for i := range a.Content {
		if !same(a.Content[i], b.Content[i]) {
			return false
		}
	}
	return true
}

// copy is a node without its comments, and with a word for nothing, which has none in a list between brackets.
func (m *merger) copy(n *yaml.Node) *yaml.Node {
	out := &yaml.Node{Kind: n.Kind, Tag: n.Tag, Value: n.Value, Style: n.Style, Line: n.Line}
	if n.Kind == yaml.ScalarNode && n.Tag == "!!null" && n.Value == "" {
		out.Value = "null"
	}
	for _, c := range n.Content {
		out.Content = append(out.Content, m.copy(c))
	}
	if m.name != "" {
		m.origin[out] = fmt.Sprintf("%s, line %d", m.name, n.Line)
	}
	return out
}
