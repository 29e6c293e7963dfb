package spec

import (
	"encoding/json"
	"reflect"
	"slices"

	"kindling/generator/internal/yamlfile"

	"github.com/invopop/jsonschema"
)

// Schema is the JSON schema of cluster.yaml, for editors. It covers the structure and the listed values. Only [Load] checks what
// values mean together.
func Schema() ([]byte, error) {
	docs, err := readComments()
	if err != nil {
		return nil, err
	}
	reflector := jsonschema.Reflector{Anonymous: true, LookupComment: docs.lookup}
	schema := reflector.Reflect(&Cluster{})
	schema.Title = "cluster.yaml of kindling"
	for _, s := range yamlfile.Sections(reflect.TypeFor[Cluster]()) {
		for _, e := range docs.entries(s.Type) {
			property, _ := schema.Definitions[s.Type.Name()].Properties.Get(e.Name)
			if property.Ref != "" && e.Default != "" { // the reflector does not read the tags of a reference
				property.Default, property.Examples = e.Default, []any{e.Example}
			}
			if property.Enum == nil { // nor lists outside the tags
				for _, value := range e.Enum {
					property.Enum = append(property.Enum, value)
				}
			}
		}
	}
	text, err := json.MarshalIndent(schema, "", "  ")
	return append(text, '\n'), err
}

// lookup is the description of a type, or of its field with this Go name.
func (c comments) lookup(t reflect.Type, name string) string {
	if name == "" {
		return c[t.Name()].forUsers()
	}
	field, _ := t.FieldByName(name)
	entries := c.entries(t)
	i := slices.IndexFunc(entries, func(e entry) bool { return e.Index == field.Index[0] })
	return entries[i].description()
}

// JSONSchema says that a duration is a string, as Go writes it.
func (Duration) JSONSchema() *jsonschema.Schema {
	return &jsonschema.Schema{
		Type:        "string",
		Description: "A duration in hours, minutes and seconds.",
		Pattern:     `^[+-]?(0|([0-9]+(\.[0-9]*)?(ns|us|µs|ms|s|m|h))+)$`,
		Examples:    []any{"8760h"},
	}
}
