package yamlfile

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"
)

// Path leads from the root to a field: strings are keys, ints are indices.
type Path []any

// With is the path to what is inside.
func (p Path) With(elems ...any) Path { return append(p[:len(p):len(p)], elems...) }

var plainKey = regexp.MustCompile(`^[A-Za-z0-9_-]+$`)

// String is the path as messages have it, such as nodes[1].role.
func (p Path) String() string {
	var b strings.Builder
	for _, elem := range p {
		switch elem := elem.(type) {
		case int:
			b.WriteString("[" + strconv.Itoa(elem) + "]")
		case string:
			switch {
			case !plainKey.MatchString(elem) || len(elem) > MaxQuoted:
				b.WriteString("[" + Quote(elem) + "]")
			case b.Len() > 0:
				b.WriteString("." + elem)
			default:
				b.WriteString(elem)
			}
		default:
			panic(fmt.Sprintf("path element %v is neither a key nor an index", elem))
		}
	}
	return b.String()
}

// find follows p from root as far as it goes. key is the last key on the way, nil before the first; found tells whether
// all of p is there.
func (p Path) find(root *yaml.Node) (key, value *yaml.Node, found bool) {
	value = root
	for _, elem := range p {
		k, v := child(value, elem)
		if v == nil {
			return key, value, false
		}
		value = v
		if k != nil {
			key = k
		}
	}
	return key, value, true
}

func child(n *yaml.Node, elem any) (key, value *yaml.Node) {
	switch elem := elem.(type) {
	case int:
		if n.Kind == yaml.SequenceNode && elem < len(n.Content) {
			return nil, n.Content[elem]
		}
	case string:
		if n.Kind != yaml.MappingNode {
			break
		}
		for i := 0; i+1 < len(n.Content); i += 2 {
			if k := n.Content[i]; k.Kind == yaml.ScalarNode && k.Value == elem {
				return k, n.Content[i+1]
			}
		}
	}
	return nil, nil
}
