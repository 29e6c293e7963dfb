package firstboot

import (
	"context"
	_ "embed"
	"path/filepath"
	"testing"

	"kindling/e2e/internal/sandbox"
	"kindling/e2e/internal/tree"
)

//go:embed read-user-data.py
var readUserData []byte

// Where the sandbox has user-data, what is written for it, and the program between them.
const (
	givenDir   = "/user-data"
	writtenDir = "/written"
	program    = "/read-user-data.py"
)

// ReadUserData has cloud-init's own code read user-data without a boot, and returns what its module write_files writes, with the
// rest of the configuration in /rest.json. A name is a path that begins with the data source: nocloud, hetzner, gce or vmware.
func ReadUserData(t testing.TB, userData map[string][]byte) map[string]tree.Tree {
	t.Helper()
	layer := t.TempDir()
	writeFile(t, filepath.Join(layer, program), readUserData, 0o644)
	for name, content := range userData {
		writeFile(t, filepath.Join(layer, givenDir, name), content, 0o600)
	}
	machine := sandbox.New(t, layer, baseRoot(t))
	out, err := machine.Inside(context.Background(), "python3 "+program+" "+givenDir+" "+writtenDir)
	if err != nil {
		t.Fatalf("cloud-init's code cannot read user-data: %v", err)
	}
	if len(out) > 0 {
		t.Errorf("cloud-init complained:\n%s", out)
	}
	written := map[string]tree.Tree{}
	for name := range userData {
		if written[name], err = tree.Written(filepath.Join(machine.Written(), writtenDir, name)); err != nil {
			t.Fatal(err)
		}
	}
	return written
}
