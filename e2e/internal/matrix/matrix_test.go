package matrix

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestRowsFollowTheirScripts(t *testing.T) {
	source := t.TempDir()
	script := filepath.Join(source, "templates/steps/etcd.sh")
	if err := os.MkdirAll(filepath.Dir(script), 0o755); err != nil {
		t.Fatal(err)
	}
	write := func(text string) {
		if err := os.WriteFile(script, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("one")
	cases := []Case{{Name: "second", Covers: []string{"steps/etcd.sh"}}, {Name: "first", Covers: []string{"steps/etcd.sh"}}}
	scripts, err := cases[0].Scripts(source)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "fault-matrix.md")
	written := Table{"first": {"20", "20/20", "abc", "2026-11-25", scripts}, "gone": {"1", "x", "y", "z", scripts}}
	if err := written.Write(file, cases); err != nil {
		t.Fatal(err)
	}
	table, err := Read(file)
	if diff := cmp.Diff(Table{"first": written["first"]}, table); err != nil || diff != "" {
		t.Errorf("%v: %s", err, diff)
	}
	if stale, err := Stale(source, cases, table); err != nil || len(stale) != 1 || stale[0].Name != "second" {
		t.Errorf("stale: %v %v", stale, err)
	}
	write("two")
	if stale, err := Stale(source, cases, table); err != nil || len(stale) != 2 {
		t.Errorf("stale once the script has changed: %v %v", stale, err)
	}
	if _, err := Stale(source, []Case{{Name: "typo", Covers: []string{"steps/none.sh"}}}, table); err == nil {
		t.Error("a script that is not there is covered")
	}
}

func TestNotATable(t *testing.T) {
	file := filepath.Join(t.TempDir(), "fault-matrix.md")
	if table, err := Read(file); err != nil || len(table) != 0 {
		t.Errorf("no file: %v %v", table, err)
	}
	for _, text := range []string{"# By hand\n", head + "| a | b |\n"} {
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		if table, err := Read(file); err == nil {
			t.Errorf("%.20q: %v", text, table)
		}
	}
}

func TestReadEvents(t *testing.T) {
	const parents = `{"Action":"pass","Test":"TestA/x/1"}{"Action":"pass","Test":"TestA/x/2"}{"Action":"pass","Test":"TestA/x"}{"Action":"pass","Test":"TestA/y"}`
	const passed = `{"Action":"output","Test":"TestA","Output":"line\n"}{"Action":"pass","Test":"TestA"}{"Action":"pass"}`
	for name, test := range map[string]struct {
		events  string
		runs    string
		outcome string
	}{
		"one test":           {passed, "1", "as it must"},
		"each of its parts":  {parents + passed, "3", "as it must"},
		"by its own account": {`{"Action":"attr","Test":"TestA","Key":"runs","Value":"20"}{"Action":"attr","Test":"TestA","Key":"outcome","Value":"good"}` + passed, "20", "good"},
		"it failed":          {parents + `{"Action":"fail","Test":"TestA"}`, "", ""},
		"nothing ran":        {`{"Action":"pass"}`, "", ""},
		"it broke off":       {passed + `{"Act`, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			row, err := read("TestA", strings.NewReader(test.events), io.Discard)
			if row.Runs != test.runs || row.Outcome != test.outcome || (err == nil) != (test.runs != "") {
				t.Errorf("%+v %v", row, err)
			}
		})
	}
}
