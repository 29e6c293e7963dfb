package specgen

import (
	"bytes"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"
)

// An object is a YAML mapping that keeps its order.
type object []field

type field struct {
	name  string
	value any
}

func (o *object) set(name string, value any) { *o = append(*o, field{name, value}) }

// An int or a bool is written as such, a string always as a string, and a word as it stands.
type word string

// node is a value as YAML. The stream chooses among the ways to write it.
func (m *maker) node(value any) *yaml.Node {
	switch value := value.(type) {
	case object:
		n := &yaml.Node{Kind: yaml.MappingNode, Style: m.collection()}
		for _, f := range value {
			n.Content = append(n.Content, m.node(f.name), m.node(f.value))
		}
		return n
	case []any:
		n := &yaml.Node{Kind: yaml.SequenceNode, Style: m.collection()}
		for _, item := range value {
			n.Content = append(n.Content, m.node(item))
		}
		return n
	case int:
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!int", Value: strconv.Itoa(value)}
	case bool:
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!bool", Value: strconv.FormatBool(value)}
	case word:
		return &yaml.Node{Kind: yaml.ScalarNode, Value: string(value)}
	case string:
		n := &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: value}
		if strings.Contains(value, "\n") {
			n.Style = pick(&m.stream, yaml.LiteralStyle, yaml.DoubleQuotedStyle, yaml.FoldedStyle)
		} else {
			n.Style = pick(&m.stream, 0, 0, 0, yaml.DoubleQuotedStyle, yaml.SingleQuotedStyle)
		}
		return n
	}
	panic("no YAML for a value of this type")
}

func (m *maker) collection() yaml.Style { return pick(&m.stream, 0, 0, 0, 0, yaml.FlowStyle) }

// write returns the file.
func write(root *yaml.Node) []byte {
	var text bytes.Buffer
	dumper, err := yaml.NewDumper(&text, yaml.WithIndent(2), yaml.WithLineWidth(-1))
	if err == nil {
		err = dumper.Dump(root)
	}
	if err == nil {
		err = dumper.Close()
	}
	if err != nil {
		panic(err) // nothing in the tree depends on anything but this package
	}
	return text.Bytes()
}

// anywhere puts a value that may be wrong in the place of one of the tree's.
func (m *maker) anywhere(root *yaml.Node) {
	var scalars []*yaml.Node
	var walk func(*yaml.Node)
	walk = func(n *yaml.Node) {
		if n.Kind == yaml.ScalarNode {
			scalars = append(scalars, n)
		}
		for i, child := range n.Content {
			if n.Kind != yaml.MappingNode || i%2 == 1 || m.one(40) { // seldom a key
				walk(child)
			}
		}
	}
	walk(root)
	*scalars[m.below(len(scalars))] = *m.node(pick[any](&m.stream, pick(&m.stream, texts...), pick(&m.stream, texts...), word(pick(&m.stream, words...)), m.below(70000), 0, "", object{}, []any{}))
}
