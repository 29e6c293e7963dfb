package yamlfile

import (
	"reflect"
	"strconv"
	"strings"
	"sync"
)

// Field is what the tags of a struct field say.
type Field struct {
	// Name in the file, and the field's index in the struct.
	Name  string
	Index int
	// Required fields have no option such as omitempty in their `json` tag.
	Required bool
	// Enum lists the values that the field may have; nil for any.
	Enum []string
	// Default is the value that counts when the field is left out, and Example another one. Either may be empty.
	Default, Example string

	limited          bool
	minimum, maximum int64
	elem             any // Name as the element of a Path, so that it is allocated once
}

// Listed is the type of a field whose values are in a list elsewhere, and not in its tag.
type Listed interface{ Values() []string }

// FieldsOf returns the exported fields of a struct type, in their order.
func FieldsOf(t reflect.Type) []Field { return fieldsOf(t).list }

// fields are those of a struct type.
type fields struct {
	list   []Field
	byName map[string]*Field
}

var fieldsByType sync.Map

func fieldsOf(t reflect.Type) *fields {
	if known, ok := fieldsByType.Load(t); ok {
		return known.(*fields)
	}
	fs := &fields{byName: map[string]*Field{}}
	for i := range t.NumField() {
		if f := t.Field(i); f.IsExported() {
			fs.list = append(fs.list, newField(f, i))
		}
	}
	for i := range fs.list {
		fs.byName[fs.list[i].Name] = &fs.list[i]
	}
	fieldsByType.Store(t, fs)
	return fs
}

func newField(s reflect.StructField, index int) Field {
	name, options, _ := strings.Cut(s.Tag.Get("json"), ",")
	f := Field{Name: name, Index: index, Required: options == "", elem: name}
	for rule := range strings.SplitSeq(s.Tag.Get("jsonschema"), ",") {
		switch key, value, _ := strings.Cut(rule, "="); key {
		case "enum":
			f.Enum = append(f.Enum, value)
		case "default":
			f.Default = value
		case "example":
			f.Example = value
		case "minimum":
			f.limited = true
			f.minimum, _ = strconv.ParseInt(value, 10, 64)
		case "maximum":
			f.maximum, _ = strconv.ParseInt(value, 10, 64)
		}
	}
	if listed, ok := reflect.Zero(s.Type).Interface().(Listed); ok {
		f.Enum = listed.Values()
	}
	if len(f.Enum) == 1 {
		f.Example = f.Enum[0]
	}
	return f
}

func (fs *fields) names() []string {
	names := make([]string, len(fs.list))
	for i, f := range fs.list {
		names[i] = f.Name
	}
	return names
}
