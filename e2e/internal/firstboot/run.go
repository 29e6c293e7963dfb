package firstboot

import (
	"bytes"
	"errors"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"kindling/e2e/internal/build"
	"kindling/e2e/internal/sandbox"
	"kindling/e2e/internal/tree"
)

// A Run is a machine's root directory after its first boot.
type Run struct {
	Sandbox *sandbox.Sandbox
	// Tree is everything that was written.
	Tree tree.Tree

	lower []string
}

// newRun returns a machine that has never been booted, with layers over the base root.
func newRun(t testing.TB, layers ...string) Run {
	t.Helper()
	lower := append(layers, baseRoot(t))
	return Run{Sandbox: sandbox.New(t, lower...), lower: lower}
}

// With returns a new sandbox over the machine as the run has left it, with layers over its base root.
func (r *Run) With(t testing.TB, layers ...string) *sandbox.Sandbox {
	t.Helper()
	lower := append([]string{r.Sandbox.Written()}, layers...)
	return sandbox.New(t, append(lower, r.lower...)...)
}

// Unpack puts the files of a secret part on the machine, as its step secrets does, and adds them to the tree. Without a part it does nothing.
func (r *Run) Unpack(t testing.TB, part []byte) {
	t.Helper()
	if part == nil {
		return
	}
	unpack := exec.Command("tar", "-xz", "--same-owner", "--preserve-permissions", "-C", r.Sandbox.Written())
	unpack.Stdin = bytes.NewReader(part)
	if out, err := unpack.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	written, err := tree.Written(r.Sandbox.Written(), r.lower...)
	if err != nil {
		t.Fatal(err)
	}
	maps.Copy(r.Tree, written)
}

func (r *Run) readTree(t testing.TB) {
	t.Helper()
	var err error
	if r.Tree, err = tree.Written(r.Sandbox.Written(), r.lower...); err != nil {
		t.Fatal(err)
	}
}

// lines returns the lines of a written file, or none if there is no such file.
func (r *Run) lines(t testing.TB, name string) []string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(r.Sandbox.Written(), name))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	return strings.FieldsFunc(string(text), func(r rune) bool { return r == '\n' })
}

func baseRoot(t testing.TB) string {
	t.Helper()
	root, err := build.BaseRoot()
	if err != nil {
		t.Fatal(err)
	}
	return root
}

func writeFile(t testing.TB, name string, content []byte, mode fs.FileMode) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, content, mode); err != nil {
		t.Fatal(err)
	}
}
