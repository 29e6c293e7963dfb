package yamlfile

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// Section is a struct type and the places in a file where it is used.
type Section struct {
	Type   reflect.Type
	Places []string
}

// Sections returns the struct types in a file of type t, in the order of the file. The first one is t.
func Sections(t reflect.Type) []Section {
	var found []Section
	var walk func(t reflect.Type, place string)
	walk = func(t reflect.Type, place string) {
		for ; ; t = t.Elem() {
			switch t.Kind() {
			case reflect.Pointer:
				continue
			case reflect.Slice:
				place += "[]"
				continue
			case reflect.Map:
				place += ".*"
				continue
			}
			break
		}
		if t.Kind() != reflect.Struct {
			return
		}
		if i := slices.IndexFunc(found, func(s Section) bool { return s.Type == t }); i >= 0 {
			found[i].Places = append(found[i].Places, place)
			return
		}
		found = append(found, Section{t, []string{place}})
		for _, f := range FieldsOf(t) {
			walk(t.Field(f.Index).Type, strings.TrimPrefix(place+"."+f.Name, "."))
		}
	}
	walk(t, "")
	return found
}

// keyHint says what an unknown key of a struct should be, or where it belongs.
func (d *decoder) keyHint(key string, fs *fields) string {
	names := fs.names()
	if near := nearest(key, names); near != "" {
		return fmt.Sprintf(" (did you mean %q?)", near)
	}
	if places := d.placesOf(key); len(places) == 1 {
		return fmt.Sprintf("; it belongs in %s", places[0])
	}
	if len(names) > 12 {
		return "; " + d.kind.Reference + " list all keys"
	}
	return "; known keys: " + strings.Join(names, ", ")
}

// placesOf finds the structs below the top that have a key.
func (d *decoder) placesOf(key string) (places []string) {
	if d.sections == nil {
		d.sections = Sections(d.target)
	}
	for _, s := range d.sections[1:] {
		if fieldsOf(s.Type).byName[key] != nil {
			places = append(places, s.Places...)
		}
	}
	return places
}
