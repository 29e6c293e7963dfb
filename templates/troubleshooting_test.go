package templates

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"mvdan.cc/sh/v3/syntax"
)

// TestTroubleshooting holds docs/troubleshooting.md against the tests and the scripts: it has only lines that a test has seen, and every
// line that a script can say.
func TestTroubleshooting(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../docs/troubleshooting.md")
	if err != nil {
		t.Fatal(err)
	}
	doc := strings.ReplaceAll(string(text), `\|`, "|")
	seen := testSources(t)
	for _, row := range regexp.MustCompile("(?m)^\\| `([^`]+)`").FindAllStringSubmatch(doc, -1) {
		for _, piece := range strings.Split(row[1], "…") {
			if !strings.Contains(seen, strings.TrimSpace(piece)) {
				t.Errorf("no test has seen %q of %q", piece, row[1])
			}
		}
	}
	for _, said := range sayings(t) {
		if !strings.Contains(doc, said) {
			t.Errorf("docs/troubleshooting.md lacks %q", said)
		}
	}
}

// testSources is the text of all tests that hold consoles against what is expected.
func testSources(t *testing.T) string {
	t.Helper()
	var all strings.Builder
	for _, dir := range []string{".", "../e2e/machines", "../e2e/formation"} {
		files, err := filepath.Glob(dir + "/*_test.go")
		if err != nil || len(files) == 0 {
			t.Fatal(dir, err)
		}
		for _, file := range files {
			if filepath.Base(file) == "troubleshooting_test.go" {
				continue
			}
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			all.Write(text)
		}
	}
	return all.String()
}

// sayings are the longest fixed parts of what the scripts say when they wait, fail or have something to report.
func sayings(t *testing.T) (all []string) {
	t.Helper()
	err := fs.WalkDir(files, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".sh") {
			return err
		}
		text, err := fs.ReadFile(files, path)
		if err != nil {
			return err
		}
		script, err := syntax.NewParser(syntax.Variant(syntax.LangBash)).Parse(strings.NewReader(string(text)), path)
		if err != nil {
			return err
		}
		syntax.Walk(script, func(n syntax.Node) bool {
			if call, is := n.(*syntax.CallExpr); is && len(call.Args) > 1 && slices.Contains([]string{"waiting", "fail", "say"}, call.Args[0].Lit()) {
				if said := longest(call.Args[1]); len(said) >= len("at boot ") {
					all = append(all, said)
				}
			}
			return true
		})
		return nil
	})
	if err != nil || len(all) < 30 {
		t.Fatal(len(all), err)
	}
	return all
}

func longest(w *syntax.Word) (text string) {
	for _, part := range w.Parts {
		quoted, is := part.(*syntax.DblQuoted)
		if !is {
			continue
		}
		for _, p := range quoted.Parts {
			if lit, is := p.(*syntax.Lit); is && len(lit.Value) > len(text) {
				text = lit.Value
			}
		}
	}
	return strings.Trim(text, " (;")
}
