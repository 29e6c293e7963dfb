package yamlfile

import (
	"encoding"
	"fmt"
	"reflect"

	"go.yaml.in/yaml/v4"
)

// decoder fills Go values from YAML nodes and records what does not fit.
type decoder struct {
	*File
	kind Kind
	// target is the type of the whole file.
	target reflect.Type
	// path leads to the value that is being decoded.
	path Path
	// sections of the target, found when they are needed.
	sections []Section
}

func (d *decoder) refuse(n *yaml.Node, message string) { d.refuseAt(n, d.path, message) }

func (d *decoder) refuseAt(n *yaml.Node, p Path, message string) {
	field := p.String()
	d.faulty[field] = true
	d.problems = append(d.problems, problemAt(n, field, message))
}

// decodeInside decodes the value at an element of the path.
func (d *decoder) decodeInside(elem any, n *yaml.Node, v reflect.Value) {
	d.path = append(d.path, elem)
	d.decode(n, v)
	d.path = d.path[:len(d.path)-1]
}

func (d *decoder) decode(n *yaml.Node, v reflect.Value) {
	if n.Kind == yaml.AliasNode || n.Style&yaml.TaggedStyle != 0 {
		d.faulty[d.path.String()] = true // refused reports it
		return
	}
	if text, ok := v.Addr().Interface().(encoding.TextUnmarshaler); ok {
		d.decodeText(n, text)
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		d.decode(n, v.Elem())
	case reflect.Struct:
		d.decodeStruct(n, v)
	case reflect.Map:
		d.decodeMap(n, v)
	case reflect.Slice:
		d.decodeSlice(n, v)
	case reflect.String:
		d.decodeString(n, v)
	case reflect.Int:
		d.decodeInt(n, v)
	case reflect.Bool:
		d.decodeBool(n, v)
	case reflect.Interface:
		d.decodeAny(n, v)
	default:
		panic("no way to decode " + v.Type().String())
	}
}

func (d *decoder) decodeStruct(n *yaml.Node, v reflect.Value) {
	if n.Kind != yaml.MappingNode {
		d.refuse(n, "must be a mapping of keys to values, not "+describe(n))
		return
	}
	fs, seen := fieldsOf(v.Type()), map[string]int{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		if !d.newKey(key, seen) {
			continue
		}
		switch f := fs.byName[key.Value]; {
		case f == nil:
			d.refuseKey(key, fs, seen)
		case isNull(value):
			delete(seen, key.Value) // counts as left out
		default:
			d.path = append(d.path, f.elem)
			d.decode(value, v.Field(f.Index))
			d.checkTag(value, f, v.Field(f.Index))
			d.path = d.path[:len(d.path)-1]
		}
	}
	d.refuseMissing(n, fs, seen)
}

// mergeKey stands for other keys, which then do not count as missing.
const mergeKey = "<<"

// newKey reports whether the key of a mapping can be used, and otherwise refuses it. seen has the line of each key.
func (d *decoder) newKey(key *yaml.Node, seen map[string]int) bool {
	if key.Kind == yaml.ScalarNode && key.Tag == "!!merge" || key.Kind == yaml.AliasNode {
		seen[mergeKey] = key.Line
		return false // refused reports it
	}
	if key.Kind != yaml.ScalarNode {
		d.refuse(key, "a key must be a single word, not "+describe(key))
		return false
	}
	if line, ok := seen[key.Value]; ok {
		d.refuseAt(key, d.path.With(key.Value), fmt.Sprintf("duplicate key, first used on line %d; remove one", line))
		return false
	}
	seen[key.Value] = key.Line
	return true
}

// refuseKey refuses a key that the struct does not have.
func (d *decoder) refuseKey(key *yaml.Node, fs *fields, seen map[string]int) {
	d.refuseAt(key, d.path.With(key.Value), "unknown key"+d.keyHint(key.Value, fs))
	if meant := nearest(key.Value, fs.names()); meant != "" {
		seen[meant] = key.Line
		d.faulty[d.path.With(meant).String()] = true // so it is not reported as missing
	}
}

func (d *decoder) refuseMissing(n *yaml.Node, fs *fields, seen map[string]int) {
	if _, merged := seen[mergeKey]; merged {
		return
	}
	for i := range fs.list {
		f := &fs.list[i]
		if _, ok := seen[f.Name]; ok || !f.Required {
			continue
		}
		message := "missing; add it"
		if f.Example != "" {
			message += fmt.Sprintf(", such as `%s: %s`", f.Name, f.Example)
		}
		d.refuseAt(n, d.path.With(f.Name), message)
	}
}

func (d *decoder) decodeMap(n *yaml.Node, v reflect.Value) {
	if n.Kind != yaml.MappingNode {
		d.refuse(n, "must be a mapping of keys to values, not "+describe(n))
		return
	}
	v.Set(reflect.MakeMap(v.Type()))
	seen := map[string]int{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		if !d.newKey(key, seen) {
			continue
		}
		elem := reflect.New(v.Type().Elem()).Elem()
		d.decodeInside(key.Value, value, elem)
		v.SetMapIndex(reflect.ValueOf(key.Value), elem)
	}
}

func (d *decoder) decodeSlice(n *yaml.Node, v reflect.Value) {
	if n.Kind != yaml.SequenceNode {
		d.refuse(n, "must be a list, not "+describe(n))
		return
	}
	v.Set(reflect.MakeSlice(v.Type(), len(n.Content), len(n.Content)))
	for i, item := range n.Content {
		d.decodeInside(i, item, v.Index(i))
	}
}
