package main

import (
	"fmt"
	"io/fs"
	"math/rand/v2"
	"net"
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

// TestKilledLock ends runs of `kindling lock` at random moments, and one while a mirror is silent. The lock is the old one or the new one
// then, whole, and the next run removes the rest.
func TestKilledLock(t *testing.T) {
	web := append(os.Environ(), imitatePublishers(t)...)
	kindling := filepath.Join(built(t), "kindling")
	t.Chdir(t.TempDir())
	lock := func(spec string) *exec.Cmd {
		run := exec.Command(kindling, "lock", "-f", spec)
		run.Env = web
		return run
	}
	const cluster = `apiVersion: kindling/v1alpha1
kind: Cluster
name: small
kubernetesVersion: %s
controlPlaneEndpoint: api.small.test:6443
os: ubuntu
install: {method: binaries}
nodes:
- {name: cp0, role: control-plane, address: 10.0.0.7}
%s`
	silent, accepted := silence(t)
	specs := map[string]string{
		"one.yaml": fmt.Sprintf(cluster, "v1.37.2", ""), "two.yaml": fmt.Sprintf(cluster, "v1.36.3", ""), "silent.yaml": fmt.Sprintf(cluster, "v1.36.3", "mirrors: {dl.k8s.io: \"http://"+silent+"\"}\n"),
	}
	for name, text := range specs {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	locks := map[string]string{}
	var longest time.Duration
	read := func() string {
		t.Helper()
		text, err := os.ReadFile("kindling.lock")
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	finish := func(spec string) {
		t.Helper()
		began := time.Now()
		if out, err := lock(spec).CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		longest = time.Since(began)
		if locks[spec] == "" {
			locks[spec] = read()
		}
		if text := read(); text != locks[spec] {
			t.Fatal(cmp.Diff(locks[spec], text))
		}
		if left, err := filepath.Glob(".*"); err != nil || left != nil {
			t.Fatalf("left: %v %v", left, err)
		}
	}
	finish("one.yaml")
	finish("two.yaml")
	if err := os.WriteFile(".kindling.lock-1", []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	for i, next := 0, "one.yaml"; i < 20; i++ {
		run := lock(next)
		if err := run.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(rand.N(longest))
		run.Process.Signal([]os.Signal{os.Kill, os.Interrupt}[i%2])
		run.Wait()
		if text := read(); text != locks["one.yaml"] && text != locks["two.yaml"] {
			t.Fatalf("neither the old lock nor the new one:\n%s", text)
		}
		finish(next)
		next = map[string]string{"one.yaml": "two.yaml", "two.yaml": "one.yaml"}[next]
	}
	before := read()
	run := lock("silent.yaml")
	if err := run.Start(); err != nil {
		t.Fatal(err)
	}
	<-accepted
	run.Process.Signal(os.Interrupt)
	if err := run.Wait(); err == nil || read() != before {
		t.Errorf("%v; the lock was interrupted, and is another one:\n%s", err, cmp.Diff(before, read()))
	}
}

// silence listens, and says nothing.
func silence(t *testing.T) (address string, accepted chan struct{}) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	accepted = make(chan struct{}, 100)
	go func() {
		for {
			connection, err := listener.Accept()
			if err != nil {
				return
			}
			defer connection.Close()
			accepted <- struct{}{}
		}
	}()
	return listener.Addr().String(), accepted
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
