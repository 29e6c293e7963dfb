package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"
)

var block = regexp.MustCompile("(?ms)^```sh\n(.*?)^```$")

// TestDocs runs every block of commands in the README and in docs, in order, each document in its own directory. testdata/docs/bin
// has stand-ins for the programs of clouds, and for make, whose targets run this test. The publishers of programs are stand-ins, too.
func TestDocs(t *testing.T) {
	repository, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	documents, err := filepath.Glob(filepath.Join(repository, "docs", "*.md"))
	if err != nil {
		t.Fatal(err)
	}
	shell := userShell(t, repository)
	for _, document := range append(documents, filepath.Join(repository, "README.md")) {
		t.Run(filepath.Base(document), func(t *testing.T) {
			text, err := os.ReadFile(document)
			if err != nil {
				t.Fatal(err)
			}
			dir := t.TempDir()
			for _, found := range block.FindAllSubmatch(text, -1) {
				shell(t, string(found[1]), dir)
			}
		})
	}
}

// userShell returns a function that runs commands in a directory, which is also the home, as a user does who has just installed kindling.
func userShell(t *testing.T, repository string) func(t *testing.T, commands, dir string) {
	t.Helper()
	path := "PATH=" + built(t) + ":" + filepath.Join(repository, "testdata/docs/bin") + ":" + os.Getenv("PATH")
	web := imitatePublishers(t)
	return func(t *testing.T, commands, dir string) {
		t.Helper()
		bash := exec.Command("bash", "-euo", "pipefail", "-c", commands)
		bash.Dir = dir
		bash.Env = append(append(os.Environ(), web...), "REPOSITORY="+repository, "HOME="+dir, path)
		if out, err := bash.CombinedOutput(); err != nil {
			t.Fatalf("%v in\n%s\n%s", err, commands, out)
		}
	}
}
