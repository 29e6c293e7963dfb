package spec

import (
	"encoding/json"
	"reflect"

	"github.com/invopop/jsonschema"
)

// Schema is the JSON schema of cluster.yaml, for editors. It knows the structure and the listed values; what values mean
// together, only [Load] checks.
func Schema() ([]byte, error) {
	docs, err := readComments()
	if err != nil {
		return nil, err
	}
	reflector := jsonschema.Reflector{
		Anonymous:     true,
		LookupComment: func(t reflect.Type, field string) string { return docs.of(t.Name(), field) },
	}
	schema := reflector.Reflect(&Cluster{})
	schema.Title = "cluster.yaml of kindling"
	text, err := json.MarshalIndent(schema, "", "  ")
	return append(text, '\n'), err
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
