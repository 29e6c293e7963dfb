package spec

import (
	"bytes"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"sigs.k8s.io/yaml"
)

// structural are the samples of testdata/invalid that the schema refuses. The others are not YAML, or are about what values mean.
var structural = []string{
	"a-list", "a-word", "bootstrap-expect-zero", "cni-checksum", "components", "count-any", "crlf", "empty", "extra-volumes", "long-line",
	"manifests", "many-at-once", "missing-fields", "missing-nodes", "network-families", "networks-of-nodes", "numbers-without-quotes",
	"only-comments", "places", "pxe", "registries", "snippets", "token", "unknown-keys", "unknown-os", "unknown-role",
	"unknown-role-control-plane", "unknown-values", "version-1.10", "version-2", "version-latest", "version-minor-only", "version-number",
	"version-prerelease", "version-without-v", "virtual-ip", "wrong-types",
}

func compileSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	text, err := Schema()
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource("cluster.json", doc); err != nil {
		t.Fatal(err)
	}
	return compiler.MustCompile("cluster.json")
}

func validateBySchema(t *testing.T, schema *jsonschema.Schema, json []byte) error {
	t.Helper()
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(json))
	if err != nil {
		t.Fatal(err)
	}
	return schema.Validate(value)
}

func TestSchemaAcceptsSamples(t *testing.T) {
	schema := compileSchema(t)
	for name, source := range samples(t, "clusters/*.yaml") {
		text, err := yaml.YAMLToJSON(source)
		if err != nil {
			t.Fatal(err)
		}
		if err := validateBySchema(t, schema, text); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestSchemaRefusesStructuralFaults(t *testing.T) {
	schema := compileSchema(t)
	var refused []string
	for name, source := range samples(t, "invalid/*.yaml") {
		text, err := yaml.YAMLToJSON(source)
		if err != nil {
			continue // not YAML at all
		}
		if validateBySchema(t, schema, text) != nil {
			refused = append(refused, name)
		}
	}
	slices.Sort(refused)
	if diff := cmp.Diff(structural, refused); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}
