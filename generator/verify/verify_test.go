package verify_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"kindling/generator/verify"
)

const golden = "../../testdata/golden"

var noon = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)

// load reads a sample's set, with the modes that generate gives its files.
func load(t testing.TB, name string) fstest.MapFS {
	t.Helper()
	set := fstest.MapFS{}
	dir := os.DirFS(filepath.Join(golden, name))
	err := fs.WalkDir(dir, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := fs.ReadFile(dir, path)
		set[path] = &fstest.MapFile{Data: data, Mode: 0o600}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return set
}

// TestGolden holds that nothing is wrong with any sample's set.
func TestGolden(t *testing.T) {
	entries, err := os.ReadDir(golden)
	if err != nil || len(entries) < 20 {
		t.Fatal(len(entries), err)
	}
	for _, entry := range entries {
		report := verify.Set(load(t, entry.Name()), noon)
		if len(report.Warnings) > 0 || report.Nodes == 0 {
			t.Errorf("%s: %d nodes, warnings %v", entry.Name(), report.Nodes, report.Warnings)
		}
		for _, p := range report.Problems {
			t.Errorf("%s: %v", entry.Name(), p)
		}
	}
}

// messages are a report's problems as text.
func messages(report verify.Report) string {
	var lines []string
	for _, p := range report.Problems {
		lines = append(lines, p.Error())
	}
	return strings.Join(lines, "\n")
}
