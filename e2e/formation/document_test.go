package formation

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"kindling/e2e/internal/document"
)

var stepsLine = regexp.MustCompile(`(?m)^STEPS=.*$`)

// How long a member that no document names may be silent, in minutes, as arguments of find.
const patience, impatience = "-mmin +5", "-mmin +0"

// The steps that need neither kubelet nor a container runtime.
const formationSteps = `STEPS="right-machine etcd"`

// writeFiles writes a document's files, as cloud-init does, with only these steps in run.sh.
func writeFiles(t testing.TB, userData []byte, root string) {
	t.Helper()
	files, err := document.Files(userData)
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		content := file.Content
		if file.Path == "/etc/kindling/run.sh" {
			if n := len(stepsLine.FindAll(content, -1)); n != 1 {
				t.Fatalf("run.sh has %d lines with its steps", n)
			}
			content = stepsLine.ReplaceAll(content, []byte(formationSteps))
			content = bytes.Replace(content, []byte(patience), []byte(impatience), 1)
		}
		writeFile(t, filepath.Join(root, file.Path), content, file.Mode)
	}
	// The step certs has signed them just now.
	writeFile(t, filepath.Join(root, "var/lib/kindling/signed"), []byte("this document's\n"), 0o600)
}

// nodeEnv returns the value of a variable in node.env.
func nodeEnv(t testing.TB, root, name string) string {
	t.Helper()
	for line := range strings.Lines(readFile(t, filepath.Join(root, "etc/kindling/node.env"))) {
		if value, ok := strings.CutPrefix(strings.TrimSpace(line), name+"="); ok {
			return strings.Trim(value, `'"`)
		}
	}
	t.Fatalf("node.env has no %s", name)
	return ""
}

func writeFile(t testing.TB, name string, content []byte, mode os.FileMode) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, content, mode); err != nil {
		t.Fatal(err)
	}
}

// readFile returns a file's content, which is empty if there is no such file.
func readFile(t testing.TB, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	return string(text)
}
