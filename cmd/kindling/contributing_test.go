package main

import (
	"maps"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/testscript"
	"github.com/rogpeppe/go-internal/txtar"
)

// TestContributing follows each recipe of docs/contributing.md with its example, builds one program with all of them and runs the
// examples' scripts. An example changes exactly the files that its recipe lists, and imports what it may.
func TestContributing(t *testing.T) {
	repository, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	examples := filepath.Join(repository, "testdata/contributing")
	changed := overlay{t.TempDir(), map[string]string{}}
	for name, recipe := range recipes(t) {
		example, err := txtar.ParseFile(filepath.Join(examples, name))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range example.Files {
			i := slices.IndexFunc(recipe, func(listed string) bool { return means(t, listed, f.Name) })
			if i < 0 {
				t.Errorf("%s changes %s, which its recipe in docs/contributing.md does not list", name, f.Name)
				continue
			}
			recipe = slices.Delete(recipe, i, i+1)
			changed.add(t, filepath.Join(repository, f.Name), string(f.Data))
		}
		if len(recipe) > 0 {
			t.Errorf("its recipe in docs/contributing.md lists %q, which %s does not change", recipe, name)
		}
	}
	if t.Failed() {
		return
	}
	list := changed.list(t)
	checkImports(t, "-overlay", list)
	bin := built(t, "-overlay", list)
	testscript.Run(t, testscript.Params{
		Dir:                 examples,
		RequireExplicitExec: true,
		Setup: func(env *testscript.Env) error {
			env.Setenv("PATH", bin+string(os.PathListSeparator)+env.Getenv("PATH"))
			return nil
		},
	})
}

// TestContributingNamesPackages compares the table of packages in docs/contributing.md with the one of what they may import.
func TestContributingNamesPackages(t *testing.T) {
	row := regexp.MustCompile("(?m)^\\| `([^`]+)` \\|")
	var named []string
	for _, found := range row.FindAllStringSubmatch(contributing(t), -1) {
		named = append(named, "kindling/"+found[1])
	}
	slices.Sort(named)
	if diff := cmp.Diff(slices.Sorted(maps.Keys(mayImport)), named); diff != "" {
		t.Errorf("(-mayImport +docs/contributing.md):\n%s", diff)
	}
}

func contributing(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("../../docs/contributing.md")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

var (
	exampleLink = regexp.MustCompile(`\(\.\./testdata/contributing/([^)]+)\)`)
	listedFile  = regexp.MustCompile("(?m)^- `([^`]+)`")
)

// recipes are the lists of files in docs/contributing.md, by the example that their section links to.
func recipes(t *testing.T) map[string][]string {
	t.Helper()
	found := map[string][]string{}
	for section := range strings.SplitSeq(contributing(t), "\n### ") {
		if link := exampleLink.FindStringSubmatch(section); link != nil {
			for _, file := range listedFile.FindAllStringSubmatch(section, -1) {
				found[link[1]] = append(found[link[1]], file[1])
			}
		}
	}
	examples, err := filepath.Glob("../../testdata/contributing/*")
	if err != nil || len(examples) != len(found) {
		t.Fatalf("docs/contributing.md has recipes with %q, but the examples are %q (%v)", slices.Collect(maps.Keys(found)), examples, err)
	}
	return found
}

// means reports whether a recipe means this file. DIR and NAME are the contributor's choice.
func means(t *testing.T, listed, file string) bool {
	t.Helper()
	matched, err := path.Match(strings.NewReplacer("DIR", "*", "NAME", "*").Replace(listed), file)
	if err != nil {
		t.Fatal(err)
	}
	return matched
}
