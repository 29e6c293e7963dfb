package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// overlay has the files that `go build -overlay` reads in the place of others.
type overlay struct {
	dir     string
	Replace map[string]string
}

// add replaces a file: by this text if there is no such file, and else by what the text, a sed script, makes of the file.
func (o overlay) add(t *testing.T, file, text string) {
	t.Helper()
	before, again := o.Replace[file]
	if !again {
		before = file
	}
	if old, err := os.ReadFile(before); err == nil {
		edited, err := exec.Command("sed", "-e", text, before).CombinedOutput()
		if err != nil {
			t.Fatalf("%s: sed: %v: %s", file, err, edited)
		}
		if string(edited) == string(old) {
			t.Fatalf("the example's script changes nothing in %s:\n%s", file, text)
		}
		text = string(edited)
	}
	o.Replace[file] = filepath.Join(o.dir, strings.ReplaceAll(file, "/", "_"))
	if err := os.WriteFile(o.Replace[file], []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// list returns the file that says which file is read in the place of which.
func (o overlay) list(t *testing.T) string {
	t.Helper()
	list, err := json.Marshal(o)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(o.dir, "overlay.json")
	if err := os.WriteFile(file, list, 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}
