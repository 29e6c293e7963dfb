package spec

import (
	"encoding"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"
)

// decoder fills Go values from YAML nodes and notes what does not fit.
type decoder struct {
	problems Problems
	// faulty has the paths of refused and missing fields.
	faulty map[string]bool
	// unquoted has the strings that YAML takes for something else. The value is what the user wrote, and if that is wrong
	// anyway, there is more to say than "put it in quotes".
	unquoted []unquoted
}

type unquoted struct {
	node *yaml.Node
	path path
}

func (d *decoder) refuse(n *yaml.Node, p path, message string) {
	d.faulty[p.String()] = true
	d.problems = append(d.problems, problemAt(n, p, message))
}

func (d *decoder) decode(n *yaml.Node, v reflect.Value, p path) {
	if n.Kind == yaml.AliasNode || n.Style&yaml.TaggedStyle != 0 {
		d.faulty[p.String()] = true // refused() has told
		return
	}
	if text, ok := v.Addr().Interface().(encoding.TextUnmarshaler); ok {
		d.decodeText(n, text, p)
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		d.decode(n, v.Elem(), p)
	case reflect.Struct:
		d.decodeStruct(n, v, p)
	case reflect.Map:
		d.decodeMap(n, v, p)
	case reflect.Slice:
		d.decodeSlice(n, v, p)
	case reflect.String:
		d.decodeString(n, v, p)
	case reflect.Int:
		d.decodeInt(n, v, p)
	default:
		panic("no way to decode " + v.Type().String())
	}
}

func (d *decoder) decodeStruct(n *yaml.Node, v reflect.Value, p path) {
	if n.Kind != yaml.MappingNode {
		d.refuse(n, p, "must be a mapping of keys to values, not "+describe(n))
		return
	}
	fields := fieldsOf(v.Type())
	seen := make(map[string]int, len(n.Content)/2)
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		if !d.newKey(key, seen, p) {
			continue
		}
		f, known := fields.byName[key.Value]
		switch {
		case !known:
			d.refuse(key, p.with(key.Value), "unknown key"+fields.hint(key.Value))
			if meant := nearest(key.Value, fields.names); meant != "" {
				seen[meant] = key.Line
				d.faulty[p.with(meant).String()] = true // nor is it missing
			}
		case isNull(value):
			delete(seen, key.Value) // as if it were not there
		default:
			field := p.with(key.Value)
			d.decode(value, v.Field(f.index), field)
			d.checkTag(value, f, v.Field(f.index), field)
		}
	}
	_, merged := seen[mergeKey]
	for _, name := range fields.required {
		if _, ok := seen[name]; !ok && !merged {
			message := "missing; add it"
			if example := fields.byName[name].example; example != "" {
				message += fmt.Sprintf(", such as `%s: %s`", name, example)
			}
			d.refuse(n, p.with(name), message)
		}
	}
}

// mergeKey stands for other keys, which are then not missing.
const mergeKey = "<<"

// newKey tells whether a mapping's key can be used, and refuses it otherwise.
func (d *decoder) newKey(key *yaml.Node, seen map[string]int, p path) bool {
	if key.Kind == yaml.ScalarNode && key.Tag == "!!merge" || key.Kind == yaml.AliasNode {
		seen[mergeKey] = key.Line
		return false // refused() has told
	}
	if key.Kind != yaml.ScalarNode {
		d.refuse(key, p, "a key must be a single word, not "+describe(key))
		return false
	}
	if line, ok := seen[key.Value]; ok {
		d.refuse(key, p.with(key.Value), fmt.Sprintf("duplicate key, the first is on line %d; remove one", line))
		return false
	}
	seen[key.Value] = key.Line
	return true
}

// checkTag holds a value against the listed values or the limits in its field's tag.
func (d *decoder) checkTag(n *yaml.Node, f field, v reflect.Value, p path) {
	switch {
	case f.enum != nil && !slices.Contains(f.enum, v.String()) && !d.faulty[p.String()]:
		d.refuseUnlisted(n, f, v, p)
	case f.limited && !d.faulty[p.String()]:
		d.checkLimits(n, f, reflect.Indirect(v), p)
	}
}

func (d *decoder) checkLimits(n *yaml.Node, f field, v reflect.Value, p path) {
	switch i := v.Int(); {
	case i < f.minimum && f.minimum == 0:
		d.refuse(n, p, fmt.Sprintf("must not be negative, as %v is", v))
	case i < f.minimum:
		d.refuse(n, p, fmt.Sprintf("must be positive, not %v", v))
	case f.maximum > 0 && i > f.maximum:
		d.refuse(n, p, fmt.Sprintf("must be at most %d, not %v", f.maximum, v))
	}
}

func (d *decoder) refuseUnlisted(n *yaml.Node, f field, v reflect.Value, p path) {
	options := strings.Join(f.enum, ", ")
	if len(f.enum) > 1 {
		options = "one of " + options
	} else {
		options = "must be " + options
	}
	d.refuse(n, p, fmt.Sprintf("unknown %s %s; %s%s", f.name, quote(v.String()), options, didYouMean(v.String(), f.enum)))
	v.SetZero()
}

func (d *decoder) decodeMap(n *yaml.Node, v reflect.Value, p path) {
	if n.Kind != yaml.MappingNode {
		d.refuse(n, p, "must be a mapping of keys to values, not "+describe(n))
		return
	}
	v.Set(reflect.MakeMap(v.Type()))
	seen := make(map[string]int, len(n.Content)/2)
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		if !d.newKey(key, seen, p) {
			continue
		}
		elem := reflect.New(v.Type().Elem()).Elem()
		d.decode(value, elem, p.with(key.Value))
		v.SetMapIndex(reflect.ValueOf(key.Value), elem)
	}
}

func (d *decoder) decodeSlice(n *yaml.Node, v reflect.Value, p path) {
	if n.Kind != yaml.SequenceNode {
		d.refuse(n, p, "must be a list, not "+describe(n))
		return
	}
	v.Set(reflect.MakeSlice(v.Type(), len(n.Content), len(n.Content)))
	for i, item := range n.Content {
		d.decode(item, v.Index(i), p.with(i))
	}
}

func (d *decoder) decodeString(n *yaml.Node, v reflect.Value, p path) {
	switch {
	case isNull(n):
		d.refuse(n, p, `must be a string, not nothing; write "" for an empty one`)
		return
	case n.Kind != yaml.ScalarNode:
		d.refuse(n, p, "must be a string, not "+describe(n))
		return
	}
	if n.Tag != "!!str" {
		d.unquoted = append(d.unquoted, unquoted{n, p})
	}
	v.SetString(n.Value)
}

func (d *decoder) decodeInt(n *yaml.Node, v reflect.Value, p path) {
	i, err := strconv.Atoi(n.Value)
	if n.Kind != yaml.ScalarNode || n.Tag != "!!int" || err != nil {
		d.refuse(n, p, "must be a whole number, not "+describe(n))
		return
	}
	v.SetInt(int64(i))
}

func (d *decoder) decodeText(n *yaml.Node, v encoding.TextUnmarshaler, p path) {
	if n.Kind != yaml.ScalarNode || isNull(n) {
		d.refuse(n, p, "must be a string, not "+describe(n))
		return
	}
	if err := v.UnmarshalText([]byte(n.Value)); err != nil {
		d.refuse(n, p, quote(n.Value)+" "+err.Error())
	}
}

func isNull(n *yaml.Node) bool { return n.Kind == yaml.ScalarNode && n.Tag == "!!null" }

// describe names what stands where something else should.
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
		return "nothing"
	case "!!int", "!!float":
		return "the number " + clip(n.Value)
	case "!!bool":
		return "the truth value " + n.Value
	case "!!timestamp":
		return "the time " + n.Value
	}
	return "the string " + quote(n.Value)
}
