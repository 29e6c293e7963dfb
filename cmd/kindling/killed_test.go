package main

import (
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestKilledGenerate kills 100 runs at random moments, each replacing the set of another cluster.yaml. Afterwards, one of the two
// sets is there, whole, and the next run removes the rest.
func TestKilledGenerate(t *testing.T) {
	testdata, err := filepath.Abs("../../testdata")
	if err != nil {
		t.Fatal(err)
	}
	kindling := filepath.Join(built(t), "kindling")
	t.Chdir(t.TempDir())
	generate := func(spec, out string) *exec.Cmd {
		return exec.Command(kindling, "generate", "-f", spec, "--pki", filepath.Join(testdata, "pki/p256"), "-o", out)
	}
	const cluster = `apiVersion: kindling/v1alpha1
kind: Cluster
name: small
kubernetesVersion: %s
controlPlaneEndpoint: api.small.test:6443
os: ubuntu
install: {method: preinstalled}
nodes:
- {name: cp0, role: control-plane, address: 10.0.0.7}
- {name: w0, role: worker, address: 10.0.0.10}
`
	sets := map[string]map[string]string{}
	var longest time.Duration
	for spec, version := range map[string]string{"one.yaml": "v1.37.2", "two.yaml": "v1.36.3"} {
		if err := os.WriteFile(spec, fmt.Appendf(nil, cluster, version), 0o600); err != nil {
			t.Fatal(err)
		}
		began := time.Now()
		if out, err := generate(spec, spec+".out").CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		longest = max(longest, time.Since(began))
		sets[spec] = contents(t, spec+".out")
	}
	if err := os.Rename("one.yaml.out", "out"); err != nil {
		t.Fatal(err)
	}
	killed := 0
	for before, next := "one.yaml", "two.yaml"; killed < 100; before, next = next, before {
		run := generate(next, "out")
		if err := run.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(rand.N(longest))
		run.Process.Kill()
		if run.Wait() != nil {
			killed++
		}
		after := contents(t, "out")
		if !cmp.Equal(after, sets[before]) && !cmp.Equal(after, sets[next]) {
			t.Fatalf("neither the old set nor the new one:\n%s\n%s", cmp.Diff(sets[before], after), cmp.Diff(sets[next], after))
		}
		began := time.Now()
		if out, err := generate(next, "out").CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		longest = time.Since(began) // what else the computer does changes
		if diff := cmp.Diff(sets[next], contents(t, "out")); diff != "" {
			t.Fatalf("(-want +got):\n%s", diff)
		}
		if left, err := filepath.Glob(".*"); err != nil || left != nil {
			t.Fatalf("left: %v %v", left, err)
		}
	}
}

// contents has all files below a directory.
func contents(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		files[strings.TrimPrefix(path, dir)] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}
