package yamlfile

import (
	"encoding"
	"reflect"
	"strconv"

	"go.yaml.in/yaml/v4"
)

func (d *decoder) decodeString(n *yaml.Node, v reflect.Value) {
	switch {
	case isNull(n):
		d.refuse(n, `has no value; write "" for an empty string`)
		return
	case n.Kind != yaml.ScalarNode:
		d.refuse(n, "must be a string, not "+describe(n))
		return
	}
	if n.Tag != "!!str" {
		d.unquoted = append(d.unquoted, unquoted{n, d.path.String()})
	}
	v.SetString(n.Value)
}

func (d *decoder) decodeInt(n *yaml.Node, v reflect.Value) {
	i, err := strconv.Atoi(n.Value)
	if n.Kind != yaml.ScalarNode || n.Tag != "!!int" || err != nil {
		d.refuse(n, "must be a whole number, not "+describe(n))
		return
	}
	v.SetInt(int64(i))
}

func (d *decoder) decodeBool(n *yaml.Node, v reflect.Value) {
	if n.Kind != yaml.ScalarNode || n.Tag != "!!bool" {
		d.refuse(n, "must be true or false, not "+describe(n))
		return
	}
	v.SetBool(n.Value == "true")
}

// decodeAny takes what another program's configuration may hold: mappings with string keys, lists, strings, numbers and booleans.
func (d *decoder) decodeAny(n *yaml.Node, v reflect.Value) {
	switch n.Kind {
	case yaml.MappingNode:
		var value map[string]any
		d.decodeMap(n, reflect.ValueOf(&value).Elem())
		v.Set(reflect.ValueOf(value))
	case yaml.SequenceNode:
		var value []any
		d.decodeSlice(n, reflect.ValueOf(&value).Elem())
		v.Set(reflect.ValueOf(value))
	default:
		var value any
		if err := n.Decode(&value); err != nil || n.Tag == "!!timestamp" {
			value = n.Value
		}
		if value != nil {
			v.Set(reflect.ValueOf(value))
		}
	}
}

func (d *decoder) decodeText(n *yaml.Node, v encoding.TextUnmarshaler) {
	if n.Kind != yaml.ScalarNode || isNull(n) {
		d.refuse(n, "must be a string, not "+describe(n))
		return
	}
	if err := v.UnmarshalText([]byte(n.Value)); err != nil {
		d.refuse(n, Quote(n.Value)+" "+err.Error())
	}
}

func isNull(n *yaml.Node) bool { return n.Kind == yaml.ScalarNode && n.Tag == "!!null" }

// describe names the value that stands where another kind belongs.
func describe(n *yaml.Node) string {
	switch n.Kind {
	case yaml.MappingNode:
		return "a mapping"
	case yaml.SequenceNode:
		return "a list"
	case yaml.AliasNode:
		return "an alias"
	}
	switch n.Tag {
	case "!!null":
		return "an empty value"
	case "!!int", "!!float":
		return "the number " + clip(n.Value)
	case "!!bool":
		return "the boolean " + n.Value
	case "!!timestamp":
		return "the time " + n.Value
	case "!!merge":
		return "a merge key"
	}
	return "the string " + Quote(n.Value)
}
