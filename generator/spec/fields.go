package spec

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// fields is what the tags of a struct type say.
type fields struct {
	byName   map[string]field
	names    []string
	required []string
}

type field struct {
	name             string
	index            int
	enum             []string
	example          string
	limited          bool
	minimum, maximum int64
}

var fieldsByType sync.Map

func fieldsOf(t reflect.Type) fields {
	if known, ok := fieldsByType.Load(t); ok {
		return known.(fields)
	}
	fs := fields{byName: map[string]field{}}
	for i := range t.NumField() {
		if !t.Field(i).IsExported() {
			continue
		}
		name, options, _ := strings.Cut(t.Field(i).Tag.Get("json"), ",")
		f := field{name: name, index: i}
		for rule := range strings.SplitSeq(t.Field(i).Tag.Get("jsonschema"), ",") {
			switch key, value, _ := strings.Cut(rule, "="); key {
			case "enum":
				f.enum = append(f.enum, value)
			case "example":
				f.example = value
			case "minimum":
				f.limited = true
				f.minimum, _ = strconv.ParseInt(value, 10, 64)
			case "maximum":
				f.maximum, _ = strconv.ParseInt(value, 10, 64)
			}
		}
		if len(f.enum) == 1 {
			f.example = f.enum[0]
		}
		fs.byName[name] = f
		fs.names = append(fs.names, name)
		if options == "" {
			fs.required = append(fs.required, name)
		}
	}
	fieldsByType.Store(t, fs)
	return fs
}

// section is a struct type and the places in cluster.yaml where it stands.
type section struct {
	typ    reflect.Type
	places []string
}

// sections are the struct types in the order in which the file has them.
var sections = sync.OnceValue(findSections)

func findSections() (found []*section) {
	var walk func(t reflect.Type, place string)
	walk = func(t reflect.Type, place string) {
		for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
			if t.Kind() == reflect.Slice {
				place += "[]"
			}
			t = t.Elem()
		}
		if t.Kind() != reflect.Struct {
			return
		}
		if i := slices.IndexFunc(found, func(s *section) bool { return s.typ == t }); i >= 0 {
			found[i].places = append(found[i].places, place)
			return
		}
		found = append(found, &section{t, []string{place}})
		fs := fieldsOf(t)
		for _, name := range fs.names {
			walk(t.Field(fs.byName[name].index).Type, strings.TrimPrefix(place+"."+name, "."))
		}
	}
	walk(reflect.TypeFor[Cluster](), "")
	return found
}

// hint says where a key that is unknown here belongs, or what it should be.
func (fs fields) hint(key string) string {
	if near := nearest(key, fs.names); near != "" {
		return fmt.Sprintf(" (did you mean %q?)", near)
	}
	if places := placesOf(key); len(places) == 1 {
		return fmt.Sprintf("; it belongs in %s", places[0])
	}
	if len(fs.names) > 12 {
		return "; `kindling schema` and docs/cluster.yaml.md list all keys"
	}
	return "; known here: " + strings.Join(fs.names, ", ")
}

// placesOf finds the structs that have a key.
func placesOf(key string) (places []string) {
	for _, s := range sections() {
		if _, ok := fieldsOf(s.typ).byName[key]; ok && s.typ != reflect.TypeFor[Cluster]() {
			places = append(places, s.places...)
		}
	}
	return places
}
