package step

import (
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the table of docs/first-boot.md")

// TestTable holds the table of docs/first-boot.md against the list.
func TestTable(t *testing.T) {
	const file, head = "../../docs/first-boot.md", "| step | on | does | waits for |\n| --- | --- | --- | --- |\n"
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, found := strings.Cut(string(text), head)
	if !found {
		t.Fatalf("%s has no table of steps", file)
	}
	end := strings.Index(rest, "\n\n") + 1
	if *update {
		if err := os.WriteFile(file, []byte(before+head+table()+rest[end:]), 0o644); err != nil {
			t.Fatal(err)
		}
		t.Fatal("written; read the difference, then run again without -update")
	}
	if diff := cmp.Diff(table(), rest[:end]); diff != "" {
		t.Errorf("%s (-list +table); `go test ./templates/step -update` writes it:\n%s", file, diff)
	}
}

func table() string {
	var b strings.Builder
	for _, s := range All {
		cells := []string{s.Name, s.On, s.Does, s.WaitsFor}
		b.WriteString("| " + strings.Join(cells, " | ") + " |\n")
	}
	return strings.ReplaceAll(b.String(), "|  |", "| |")
}
