package spec

import (
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"kindling/generator/internal/yamlfile"

	"sigs.k8s.io/yaml"
)

// TestEveryFieldHasACase checks that each field of cluster.yaml is in a spec with golden documents, and in one that whole machines
// boot from.
func TestEveryFieldHasACase(t *testing.T) {
	golden := written(t, "../../testdata/clusters", func(name string) bool {
		_, err := os.Stat(filepath.Join("../../testdata/golden", name))
		return err == nil
	})
	booted := written(t, "../../e2e/machines/testdata", func(string) bool { return true })
	for _, s := range yamlfile.Sections(reflect.TypeFor[Cluster]()) {
		for _, f := range yamlfile.FieldsOf(s.Type) {
			var places []string
			for _, place := range s.Places {
				places = append(places, strings.TrimPrefix(place+"."+f.Name, "."))
			}
			among := func(paths map[string]bool) bool {
				for path := range paths {
					if slices.ContainsFunc(places, func(place string) bool { return isAt(path, place) }) {
						return true
					}
				}
				return false
			}
			if !among(golden) {
				t.Errorf("%s has no golden document", strings.Join(places, ", "))
			}
			if !among(booted) {
				t.Errorf("no machine has booted with %s", strings.Join(places, ", "))
			}
		}
	}
}

// isAt reports whether a path is at a place, in which ".*" stands for any key.
func isAt(path, place string) bool {
	before, after, anyKey := strings.Cut(place, ".*.")
	return path == place || anyKey && strings.HasPrefix(path, before+".") && strings.HasSuffix(path, "."+after)
}

// written returns the paths of all fields in the specs of a directory.
func written(t *testing.T, dir string, counts func(name string) bool) map[string]bool {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	paths := map[string]bool{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(text), "apiVersion: kindling/") || !counts(strings.TrimSuffix(filepath.Base(file), ".yaml")) {
			continue
		}
		var spec any
		if err := yaml.Unmarshal(text, &spec); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		addPaths(paths, "", spec)
	}
	return paths
}

func addPaths(paths map[string]bool, place string, value any) {
	paths[place] = true
	switch value := value.(type) {
	case map[string]any:
		for name, field := range value {
			addPaths(paths, strings.TrimPrefix(place+"."+name, "."), field)
		}
	case []any:
		for _, item := range value {
			addPaths(paths, place+"[]", item)
		}
	}
}
