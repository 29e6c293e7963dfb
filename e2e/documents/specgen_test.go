package documents

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"kindling/e2e/internal/kindling"
	"kindling/e2e/internal/specgen"

	"go.yaml.in/yaml/v4"
)

const (
	manySpecs = 150
	// leastAccepted is the share of them in percent that has to be valid, or else the fuzz tests would say little.
	leastAccepted = 70
)

// neverAccepted are fields of the schema that are refused in every place: a node's own file has no roles.
var neverAccepted = []string{"nodes[].extraFiles[].roles"}

// TestGeneratedSpecs checks what the fuzz tests rest on: most of the generated specs are accepted, and these have every field.
func TestGeneratedSpecs(t *testing.T) {
	fields, accepted := map[string]bool{}, 0
	for number := range manySpecs {
		spec := specgen.Make(bytesOf(number), specgen.Releases)
		if _, err := kindling.Validate(t, write(t, spec)); err != nil {
			continue
		}
		accepted++
		var tree any
		if err := yaml.Unmarshal(spec.Text, &tree); err != nil {
			t.Fatal(err)
		}
		addFields(fields, "", tree)
	}
	share := accepted * 100 / manySpecs
	t.Logf("%d%% of the generated specs are accepted", share)
	if share < leastAccepted {
		t.Errorf("want %d%%", leastAccepted)
	}
	for _, name := range schemaFields(t) {
		if fields[name] == slices.Contains(neverAccepted, name) {
			t.Errorf("%s: accepted in a generated spec: %t; package specgen has to write every field", name, fields[name])
		}
	}
}

// addFields adds the paths of all fields in a YAML tree, as [schemaFields] names them.
func addFields(paths map[string]bool, place string, value any) {
	paths[strings.TrimPrefix(place, ".")] = true
	switch value := value.(type) {
	case map[string]any:
		for name, field := range value {
			addFields(paths, place+"."+name, field)
			addFields(paths, place+".*", field)
		}
	case []any:
		for _, item := range value {
			addFields(paths, place+"[]", item)
		}
	}
}

// schemaFields are the paths of all fields of cluster.yaml, such as nodes[].taints[].key and registries.*.caFile.
func schemaFields(t *testing.T) []string {
	t.Helper()
	type object struct {
		Ref                  string `json:"$ref"`
		Properties           map[string]json.RawMessage
		Items                json.RawMessage
		AdditionalProperties json.RawMessage
	}
	var schema struct {
		Ref  string            `json:"$ref"`
		Defs map[string]object `json:"$defs"`
	}
	if err := json.Unmarshal(kindling.Schema(t), &schema); err != nil {
		t.Fatal(err)
	}
	var fields []string
	var walk func(place string, o object)
	decode := func(raw json.RawMessage) (o object) {
		json.Unmarshal(raw, &o) // true and false stand for no object
		return o
	}
	walk = func(place string, o object) {
		if name, ok := strings.CutPrefix(o.Ref, "#/$defs/"); ok {
			o = schema.Defs[name]
		}
		for name, property := range o.Properties {
			path := strings.TrimPrefix(place+"."+name, ".")
			fields = append(fields, path)
			walk(path, decode(property))
		}
		if o.Items != nil {
			walk(place+"[]", decode(o.Items))
		}
		if additional := decode(o.AdditionalProperties); additional.Ref != "" {
			walk(place+".*", additional)
		}
	}
	walk("", object{Ref: schema.Ref})
	slices.Sort(fields)
	return fields
}
