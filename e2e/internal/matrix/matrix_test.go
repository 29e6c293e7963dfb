package matrix

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kindling/e2e/internal/document"
)

const stacked = "testdata/clusters/stacked.yaml"

func TestScripts(t *testing.T) {
	all := keyOf(t, Case{Specs: []string{stacked}, Nodes: "*"})
	for name, test := range map[string]struct {
		c    Case
		same bool
	}{
		"again":                    {Case{Specs: []string{stacked}, Nodes: "*"}, true},
		"other names, same kinds":  {Case{Specs: []string{stacked, "testdata/clusters/seven.yaml"}, Nodes: "*"}, true},
		"control planes alone":     {Case{Specs: []string{stacked}, Nodes: "cp*"}, false},
		"in Ignition too":          {Case{Specs: []string{stacked, "testdata/clusters/stacked-flatcar.yaml"}, Nodes: "*"}, true},
		"another kind of machines": {Case{Specs: []string{"testdata/clusters/external.yaml"}, Nodes: "*"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			if got := keyOf(t, test.c); (got == all) != test.same {
				t.Errorf("%s beside %s", got, all)
			}
		})
	}
	for name, c := range map[string]Case{
		"no such spec": {Specs: []string{"testdata/clusters/none.yaml"}, Nodes: "*"},
		"no such node": {Specs: []string{stacked}, Nodes: "none*"},
	} {
		if scripts, err := c.Scripts(); err == nil {
			t.Errorf("%s: %v", name, scripts)
		}
	}
}

func keyOf(t *testing.T, c Case) string {
	t.Helper()
	scripts, err := c.Scripts()
	if err != nil {
		t.Fatal(err)
	}
	return scripts.Key()
}

func TestRowsFollowTheirScripts(t *testing.T) {
	c := Case{Name: "first", Specs: []string{stacked}, Nodes: "cp*"}
	key := keyOf(t, c)
	for name, test := range map[string]struct {
		table Table
		stale bool
	}{
		"current":             {Table{"first": {Commit: "abc", Scripts: key}}, false},
		"other scripts":       {Table{"first": {Commit: "abc", Scripts: "0123456789ab"}}, true},
		"at a dirty commit":   {Table{"first": {Commit: "abc-dirty", Scripts: key}}, true},
		"row of another case": {Table{"other": {Commit: "abc", Scripts: key}}, true},
	} {
		t.Run(name, func(t *testing.T) {
			stale, err := Stale([]Case{c}, test.table)
			if err != nil || len(stale) > 0 != test.stale {
				t.Errorf("%v %v", stale, err)
			}
		})
	}
}

func TestWriteAndRead(t *testing.T) {
	file := filepath.Join(t.TempDir(), "fault-matrix.md")
	written := Table{"first": {"20", "20/20", "abc", "2026-11-25", "0123456789ab"}, "gone": {"1", "x", "y", "z", "0123456789ab"}}
	if err := written.Write(file, []Case{{Name: "second"}, {Name: "first"}}); err != nil {
		t.Fatal(err)
	}
	table, err := Read(file)
	if diff := cmp.Diff(Table{"first": written["first"]}, table); err != nil || diff != "" {
		t.Errorf("%v: %s", err, diff)
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
	const booted = `{"Action":"attr","Test":"TestA/x","Key":"scripts","Value":"b a"}{"Action":"attr","Test":"TestA/y","Key":"scripts","Value":"c a"}`
	none, three := document.Scripts{}, document.Scripts{"a": true, "b": true, "c": true}
	for name, test := range map[string]struct {
		events string
		want   Row // without its date
	}{
		"one test":             {passed, Row{Runs: "1", Outcome: "passed", Scripts: none.Key()}},
		"each of its parts":    {parents + passed, Row{Runs: "3", Outcome: "passed", Scripts: none.Key()}},
		"as it reports itself": {`{"Action":"attr","Test":"TestA","Key":"runs","Value":"20"}{"Action":"attr","Test":"TestA","Key":"outcome","Value":"good"}` + passed, Row{Runs: "20", Outcome: "good", Scripts: none.Key()}},
		"what it has booted":   {booted + passed, Row{Runs: "1", Outcome: "passed", Scripts: three.Key()}},
		"it failed":            {parents + `{"Action":"fail","Test":"TestA"}`, Row{}},
		"nothing ran":          {`{"Action":"pass"}`, Row{}},
		"it broke off":         {passed + `{"Act`, Row{}},
	} {
		t.Run(name, func(t *testing.T) {
			row, err := read("TestA", strings.NewReader(test.events), io.Discard)
			row.Date = ""
			if diff := cmp.Diff(test.want, row); diff != "" || (err == nil) != (test.want != Row{}) {
				t.Errorf("%v: %s", err, diff)
			}
		})
	}
}
