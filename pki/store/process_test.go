//go:build unix

package store_test

import (
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"kindling/pki"
	"kindling/pki/store"

	"github.com/google/go-cmp/cmp"
)

var now = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// request has an authority and two leaves.
var request = pki.Request{
	Algorithm: "ECDSA-P256", Validity: time.Hour, CAValidity: 24 * time.Hour,
	Authorities: []pki.Authority{{Name: pki.CA, CommonName: "kubernetes"}},
	Leaves:      []pki.Leaf{leaf("w0"), leaf("w1")},
}

func leaf(node string) pki.Leaf {
	return pki.Leaf{Name: pki.NodeLeaf(node, pki.KubeletClient), Node: node, CA: pki.CA,
		Subject: pkix.Name{CommonName: node}, Usages: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}}
}

// TestMain lets tests run this binary as another process: with the directory in the environment, one that makes what is
// missing, one that seals, or one that renews without end. Its files are limited to some bytes if asked.
func TestMain(m *testing.M) {
	syscall.Umask(0o022)
	dir := store.Directory(os.Getenv("KINDLING_TEST_DIRECTORY"))
	if dir == "" {
		os.Exit(m.Run())
	}
	if os.Getenv("KINDLING_TEST_FULL") != "" {
		limit := syscall.Rlimit{Cur: 100, Max: 100} // a write beyond it fails as on a full disk, half way
		if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
			panic(err)
		}
	}
	run := makeMissing
	switch os.Getenv("KINDLING_TEST_RUN") {
	case "renew":
		run = renewForEver
	case "seal":
		run = seal
	}
	if err := run(dir); err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
}

func makeMissing(dir store.Directory) error {
	unlock, err := dir.Lock()
	if err != nil {
		return err
	}
	defer unlock()
	return pki.Load(request, dir.Read).Complete(now, dir.Add)
}

func renewForEver(dir store.Directory) error {
	for at := now; ; at = at.Add(time.Second) {
		unlock, err := dir.Lock()
		if err != nil {
			return err
		}
		_, err = pki.Load(request, dir.Read).Renew(at, at.Add(24*time.Hour), dir.Replace)
		unlock()
		if err != nil {
			return err
		}
	}
}

func open(dir store.Directory) *store.PKI {
	read := func() ([]byte, error) { return os.ReadFile("../../testdata/identities/alice") }
	return store.Open(string(dir), &store.Identities{Sources: []store.Source{{Name: "test", Read: read}}})
}

func seal(dir store.Directory) error {
	line, err := os.ReadFile("../../testdata/identities/alice.pub")
	if err != nil {
		return err
	}
	to, err := store.ParseRecipients("test", line)
	if err != nil {
		return err
	}
	p := open(dir)
	unlock, err := p.Lock()
	if err != nil {
		return err
	}
	defer unlock()
	_, err = p.Seal(to)
	return err
}

func process(dir string, env ...string) *exec.Cmd {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), append(env, "KINDLING_TEST_DIRECTORY="+dir)...)
	return cmd
}

// A full disk leaves no half file and no temporary one, and the next run finishes the work.
func TestFullDisk(t *testing.T) {
	dir := t.TempDir()
	output, err := process(dir, "KINDLING_TEST_FULL=1").Output()
	if want := filepath.Join(dir, "ca.crt") + ": file too large\n"; err == nil || string(output) != want {
		t.Errorf("%v: %q, want %q", err, output, want)
	}
	if diff := cmp.Diff([]string{".", ".gitignore", ".lock"}, pathsBelow(t, dir)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if err := makeMissing(store.Directory(dir)); err != nil {
		t.Error(err)
	}
}

func pathsBelow(t *testing.T, dir string) []string {
	t.Helper()
	paths := map[string]bool{}
	err := fs.WalkDir(os.DirFS(dir), ".", func(path string, _ fs.DirEntry, err error) error {
		paths[path] = true
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return slices.Sorted(maps.Keys(paths))
}

func TestRunsWaitForEachOther(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "pki")
	var wait sync.WaitGroup
	for range 4 {
		wait.Go(func() {
			if err := makeMissing(store.Directory(dir)); err != nil {
				t.Error(err)
			}
		})
		wait.Go(func() {
			if output, err := process(dir).CombinedOutput(); err != nil {
				t.Errorf("%v: %s", err, output)
			}
		})
	}
	wait.Wait()
	check(t, store.Directory(dir))
}

// Runs killed at any moment never leave what the next cannot finish.
func TestKilledWhileMaking(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "pki")
	for delay := range 40 {
		kill(t, process(dir), time.Duration(delay)*time.Millisecond)
	}
	if err := makeMissing(store.Directory(dir)); err != nil {
		t.Error(err)
	}
	check(t, store.Directory(dir))
}

// A renewal that is killed at any moment leaves each pair as it was or as it will be: it can be read at once, without
// another run that mends it.
func TestKilledWhileRenewing(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "pki")
	if err := makeMissing(store.Directory(dir)); err != nil {
		t.Fatal(err)
	}
	for delay := range 40 {
		kill(t, process(dir, "KINDLING_TEST_RUN=renew"), time.Duration(5+delay*7%40)*time.Millisecond)
		check(t, store.Directory(dir))
	}
	if err := makeMissing(store.Directory(dir)); err != nil {
		t.Error(err)
	}
	want := slices.Sorted(slices.Values(append(request.Files(), ".", ".gitignore", ".lock", "nodes", "nodes/w0", "nodes/w1")))
	if diff := cmp.Diff(want, pathsBelow(t, dir)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// A PKI whose sealing is killed at any moment can be read at once. The next run finishes, and leaves nothing in the clear.
func TestKilledWhileSealing(t *testing.T) {
	whole := t.TempDir()
	if err := makeMissing(store.Directory(whole)); err != nil {
		t.Fatal(err)
	}
	var longest time.Duration
	for i := range 40 {
		dir := filepath.Join(t.TempDir(), "pki")
		if err := os.CopyFS(dir, os.DirFS(whole)); err != nil {
			t.Fatal(err)
		}
		sealing := process(dir, "KINDLING_TEST_RUN=seal")
		if began := time.Now(); i == 0 {
			if output, err := sealing.CombinedOutput(); err != nil {
				t.Fatalf("%v: %s", err, output)
			}
			longest = time.Since(began)
		} else {
			kill(t, sealing, longest*time.Duration(i)/40)
		}
		if err := pki.Load(request, open(store.Directory(dir)).Read).Check(now); err != nil {
			t.Errorf("run %d: %v", i, err)
		}
		if err := seal(store.Directory(dir)); err != nil {
			t.Fatal(err)
		}
		var want []string
		for _, name := range request.Files() {
			want = append(want, strings.Replace(name, ".key", ".key.age", 1))
		}
		want = slices.Sorted(slices.Values(append(want, ".", ".gitignore", ".lock", "nodes", "nodes/w0", "nodes/w1", "recipients")))
		if diff := cmp.Diff(want, pathsBelow(t, dir)); diff != "" {
			t.Errorf("run %d (-want +got):\n%s", i, diff)
		}
	}
}

func kill(t *testing.T, cmd *exec.Cmd, after time.Duration) {
	t.Helper()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	time.Sleep(after)
	cmd.Process.Kill()
	cmd.Wait()
}

// check holds that all pairs are whole and belong together.
func check(t *testing.T, dir store.Directory) {
	t.Helper()
	if err := pki.Load(request, dir.Read).Check(now); err != nil {
		t.Error(err)
	}
}
