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
	bin, web := built(t), imitatePublishers(t)
	for _, document := range append(documents, filepath.Join(repository, "README.md")) {
		t.Run(filepath.Base(document), func(t *testing.T) {
			text, err := os.ReadFile(document)
			if err != nil {
				t.Fatal(err)
			}
			dir := t.TempDir()
			for _, found := range block.FindAllSubmatch(text, -1) {
				bash := exec.Command("bash", "-euo", "pipefail", "-c", string(found[1]))
				bash.Dir = dir
				bash.Env = append(append(os.Environ(), web...), "REPOSITORY="+repository,
					"PATH="+bin+":"+filepath.Join(repository, "testdata/docs/bin")+":"+os.Getenv("PATH"))
				if out, err := bash.CombinedOutput(); err != nil {
					t.Fatalf("%v in\n%s\n%s", err, found[1], out)
				}
			}
		})
	}
}
