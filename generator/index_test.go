package generator_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"kindling/generator"

	"github.com/google/go-cmp/cmp"
	reflector "github.com/invopop/jsonschema"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

const indexSchema = "../docs/index.schema.json"

// TestIndexSchema holds docs/index.schema.json against the types.
func TestIndexSchema(t *testing.T) {
	r := reflector.Reflector{Anonymous: true}
	if err := r.AddGoComments("kindling/generator", "."); err != nil {
		t.Fatal(err)
	}
	for name, comment := range r.CommentMap {
		r.CommentMap[name] = string(bytes.ReplaceAll([]byte(comment), []byte("\n"), []byte(" ")))
	}
	schema := r.Reflect(&generator.Index{})
	schema.Title = "out/index.json of kindling"
	want, err := json.MarshalIndent(schema, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	want = append(want, '\n')
	if *update {
		if err := os.WriteFile(indexSchema, want, 0o644); err != nil {
			t.Fatal(err)
		}
		t.Error("recorded; read the difference, and run it again without -update")
	}
	got, err := os.ReadFile(indexSchema)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("update it with -update (-want +got):\n%s", diff)
	}
}

// TestIndexes has the index of every golden set against the schema, and some that must not pass.
func TestIndexes(t *testing.T) {
	schema, err := jsonschema.NewCompiler().Compile(indexSchema)
	if err != nil {
		t.Fatal(err)
	}
	names, err := filepath.Glob(golden + "/*/index.json")
	if err != nil || len(names) < 20 {
		t.Fatal(names, err)
	}
	for _, name := range names {
		text := read(t, name)
		value, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(value); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		for old, wrong := range map[string]string{`"set"`: `"sett"`, `"sha256": "`: `"sha256": "x`, `"bytes": `: `"bytes": -`, `"control-plane"`: `"master"`, `"Index"`: `"List"`} {
			broken := bytes.Replace(text, []byte(old), []byte(wrong), 1)
			value, err := jsonschema.UnmarshalJSON(bytes.NewReader(broken))
			if err != nil {
				t.Fatal(err)
			}
			if schema.Validate(value) == nil {
				t.Errorf("%s: %s in the place of %s passes", name, wrong, old)
			}
		}
	}
}
