package generator_test

import (
	"bytes"
	"flag"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kindling/generator"
	"kindling/generator/internal/kubernetes"
	"kindling/generator/lock"
	"kindling/generator/sink"
	"kindling/generator/spec"
	"kindling/pki"
	"kindling/pki/store"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "record the golden files; the run then fails, so that nobody forgets to read them")

const (
	clusters = "../testdata/clusters"
	golden   = "../testdata/golden"
)

// goldenClusters are the samples that can be generated, each with a directory of golden files.
var goldenClusters = []string{"stacked", "stacked-flatcar", "binaries", "packages", "flatcar", "external", "haproxy", "haproxy-pods", "kube-vip", "kube-vip-v1.28", "kube-vip-v1.29", "network", "interface", "on-link", "pxe", "pools", "seven", "mixed", "full", "offline", "offline-external", "split", "ipv6", "dual-stack", "v1.34", "providers", "proxy", "snippets", "trusted"}

// load reads a sample.
func load(t testing.TB, name string) *spec.Cluster {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(clusters, name+".yaml"))
	if err != nil {
		t.Fatal(err)
	}
	c, problems := spec.Load(data, spec.Local{Files: os.DirFS(clusters)})
	if c == nil {
		t.Fatalf("%s.yaml: %v", name, problems)
	}
	return c
}

// testKeys are those of the cluster's algorithm.
func testKeys(c *spec.Cluster) store.Directory {
	if c.OfflineCAs() {
		return "../testdata/pki/offline"
	}
	return store.Directory(map[string]string{"ECDSA-P256": "../testdata/pki/p256", "RSA-2048": "../testdata/pki/rsa2048"}[c.PKI.Algorithm])
}

// testPKI is all of them that the cluster needs.
func testPKI(t testing.TB, c *spec.Cluster, at time.Time) *pki.Bundle {
	t.Helper()
	bundle := pki.Load(generator.Request(c), testKeys(c).Read)
	if err := bundle.Check(at); err != nil {
		t.Fatal(err)
	}
	return bundle
}

// testLock is the samples' kindling.lock.
func testLock(t testing.TB) *lock.Lock {
	t.Helper()
	pinned, err := lock.Parse(read(t, clusters+"/"+lock.FileName))
	if err != nil {
		t.Fatal(err)
	}
	return pinned
}

// newGenerator makes a generator of a cluster with the test PKI.
func newGenerator(t testing.TB, c *spec.Cluster, at time.Time) *generator.Generator {
	t.Helper()
	bundle := testPKI(t, c, at)
	g, err := generator.New(c, bundle, testLock(t))
	if err != nil {
		t.Fatal(err)
	}
	return g
}

var noon = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)

// memory is a sink that keeps everything.
type memory map[string][]byte

func (m memory) Write(path string, data []byte) error { m[path] = bytes.Clone(data); return nil }
func (memory) Commit() (sink.Report, error)           { return sink.Report{}, nil }
func (memory) Abort()                                 {}

func generate(t testing.TB, c *spec.Cluster, at time.Time) memory {
	t.Helper()
	m := memory{}
	if err := newGenerator(t, c, at).Set().Generate(m); err != nil {
		t.Fatal(err)
	}
	return m
}

// TestGolden compares all that generate writes. Scripts are compressed in the documents; templates has their source.
func TestGolden(t *testing.T) {
	for _, name := range goldenClusters {
		t.Run(name, func(t *testing.T) {
			compareGolden(t, filepath.Join(golden, name), generate(t, load(t, name), noon))
		})
	}
}

// TestRedactedGolden compares what reviewers get, but for the scripts.
func TestRedactedGolden(t *testing.T) {
	c := load(t, "mixed")
	got := redacted(t, c, testPKI(t, c, noon))
	for path, data := range got {
		if strings.HasPrefix(path, "scripts/") {
			if err := generator.ParseScript(string(data)); err != nil || !bytes.Contains(data, []byte("\n# ")) {
				t.Errorf("%s: not readable: %v", path, err)
			}
			delete(got, path)
		}
	}
	compareGolden(t, "../testdata/redacted/mixed", got)
}

func compareGolden(t *testing.T, dir string, got memory) {
	t.Helper()
	if *update {
		if err := os.RemoveAll(dir); err != nil {
			t.Fatal(err)
		}
		for path, data := range got {
			file := filepath.Join(dir, path)
			if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(file, data, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		t.Fatal("recorded; read the difference, then run again without -update")
	}
	want := memory{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		rel, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		want[filepath.ToSlash(rel)], err = os.ReadFile(path)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(texts(want), texts(got)); diff != "" {
		t.Errorf("(-golden +got):\n%s", diff)
	}
}

func texts(m memory) map[string]string {
	out := map[string]string{}
	for path, data := range m {
		out[path] = string(data)
	}
	return out
}

// TestNewestMinorHasGolden fails when Kubernetes gets a minor and no golden cluster has it.
func TestNewestMinorHasGolden(t *testing.T) {
	var newest kubernetes.Minor
	for _, name := range goldenClusters {
		newest = max(newest, load(t, name).Version().Minor)
	}
	data := bytes.Replace(read(t, clusters+"/stacked.yaml"), []byte("v1.37.2"), []byte("v"+(newest+1).String()+".0"), 1)
	if _, problems := spec.Load(data, spec.Local{Files: os.DirFS(clusters)}); !problems.Fatal() {
		t.Errorf("v%s is known, but the newest golden cluster is of v%s", newest+1, newest)
	}
}

// TestDeterministic makes the same set on two days, in one directory and another.
func TestDeterministic(t *testing.T) {
	var sets []map[string]string
	for _, day := range []time.Time{noon, noon.AddDate(1, 2, 3)} {
		dir := t.TempDir()
		s := directory(t, filepath.Join(dir, "out"))
		if err := newGenerator(t, load(t, "mixed"), day).Set().Generate(s); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Commit(); err != nil {
			t.Fatal(err)
		}
		set := map[string]string{}
		root := os.DirFS(dir)
		err := fs.WalkDir(root, ".", func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			data, err := fs.ReadFile(root, path)
			set[path] = string(data)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		sets = append(sets, set)
	}
	if diff := cmp.Diff(sets[0], sets[1]); diff != "" {
		t.Error(diff)
	}
}

// TestNoHalfSet lets the disk fail at each file in turn.
func TestNoHalfSet(t *testing.T) {
	g := newGenerator(t, load(t, "stacked"), noon)
	for at := 0; ; at++ {
		dir := t.TempDir()
		s := directory(t, filepath.Join(dir, "out"))
		err := g.Set().Generate(&failing{Sink: s, left: at})
		s.Abort()
		if err == nil {
			if at < 11 {
				t.Errorf("only %d files were written", at)
			}
			return
		}
		left, err := os.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		if len(left) > 0 {
			t.Errorf("failing at file %d leaves %v", at, left)
		}
	}
}

// failing is a sink that takes some files and no more.
type failing struct {
	sink.Sink
	left int
}

func (f *failing) Write(path string, data []byte) error {
	if f.left--; f.left < 0 {
		return io.ErrShortWrite
	}
	return f.Sink.Write(path, data)
}

func directory(t *testing.T, root string) sink.Sink {
	t.Helper()
	s, err := sink.Directory(root, false)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func read(t testing.TB, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}
