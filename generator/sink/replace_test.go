package sink_test

import (
	"os"
	"path/filepath"
	"sync"
	"testing"

	"kindling/generator/sink"

	"github.com/google/go-cmp/cmp"
)

// old and new are two sets: w1 and the script of 01 have left the second, and cp0 has no more network-config.
var (
	old = tree{
		"out/README.md": readme, "out/.gitignore": "*\n", "out/nodes/cp0/user-data": "1", "out/nodes/cp0/network-config": "1",
		"out/nodes/w1/user-data": "1", "out/nodes/w1/meta-data": "1", "out/ipxe/01.ipxe": "1",
	}
	next = tree{"README.md": readme, "nodes/cp0/user-data": "2", "ipxe/boot.ipxe": "2"}
	kept = tree{
		"out/README.md": readme, "out/.gitignore": "*\n", "out/nodes/cp0/user-data": "2", "out/ipxe/boot.ipxe": "2",
		"out/nodes/w1/user-data": "1", "out/nodes/w1/meta-data": "1", "out/ipxe/01.ipxe": "1",
	}
	fresh  = tree{"out/README.md": readme, "out/.gitignore": "*\n", "out/nodes/cp0/user-data": "2", "out/ipxe/boot.ipxe": "2"}
	leaves = []string{"ipxe/01.ipxe", "nodes/w1"}
)

// with is a tree with other files, and without those that are "-" there.
func (files tree) with(other tree) tree {
	out := tree{}
	for _, part := range []tree{files, other} {
		for name, content := range part {
			if out[name] = content; content == "-" {
				delete(out, name)
			}
		}
	}
	return out
}

// TestReplace writes the next set beside what is there. Nothing else may be left.
func TestReplace(t *testing.T) {
	for name, test := range map[string]struct {
		before tree
		prune  bool
		want   tree
		report sink.Report
	}{
		"nothing":               {tree{}, false, fresh, sink.Report{}},
		"an empty directory":    {tree{"out/": ""}, false, fresh, sink.Report{}},
		"a set":                 {old, false, kept, sink.Report{Kept: leaves}},
		"a set, pruned":         {old, true, fresh, sink.Report{Pruned: leaves}},
		"a set with an index":   {tree{"out/index.json": `{"apiVersion": "kindling/v1alpha1", "kind": "Index"}`, "out/nodes/w1/config.ign": "1"}, true, fresh, sink.Report{Pruned: []string{"nodes/w1"}}},
		"a .gitignore of yours": {fresh.with(tree{"out/.gitignore": "*.ign\n"}), true, fresh.with(tree{"out/.gitignore": "*.ign\n"}), sink.Report{}},
		"a stage of an earlier release": {old.with(tree{"out/.kindling-123/nodes/cp0/user-data": "0", "out/.kindling-4/": ""}), true, fresh,
			sink.Report{Pruned: leaves, Cleared: []string{"out/.kindling-123", "out/.kindling-4"}}},
		"only such a stage": {tree{"out/.kindling-123/nodes/cp0/user-data": "0"}, false, fresh, sink.Report{Cleared: []string{"out/.kindling-123"}}},
		"a run that died before the swap": {old.with(tree{".out.kindling/new/nodes/cp0/user-data": "0", ".out.kindling/lock": ""}), true, fresh,
			sink.Report{Pruned: leaves, Cleared: []string{".out.kindling"}}},
		"a run that died between two renames": {tree{".out.kindling/old/README.md": readme, ".out.kindling/old/nodes/w1/user-data": "1", ".out.kindling/new/README.md": readme}, false,
			fresh.with(tree{"out/nodes/w1/user-data": "1"}), sink.Report{Kept: []string{"nodes/w1"}, Cleared: []string{".out.kindling"}}},
		"a run that died after two renames": {old.with(tree{".out.kindling/old/README.md": readme}), true, fresh,
			sink.Report{Pruned: leaves, Cleared: []string{".out.kindling"}}},
		"a run that died before it wrote": {old.with(tree{".out.kindling/": ""}), true, fresh, sink.Report{Pruned: leaves}},
	} {
		t.Run(name, func(t *testing.T) {
			sink.EachWay(t, func(t *testing.T) {
				t.Chdir(t.TempDir())
				test.before.make(t, ".")
				report, err := generate("out", test.prune, next)
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(test.want, treeOf(t, ".")); diff != "" {
					t.Errorf("(-want +got):\n%s", diff)
				}
				if diff := cmp.Diff(test.report, report); diff != "" {
					t.Errorf("report (-want +got):\n%s", diff)
				}
			})
		})
	}
}

// TestAbort holds that a run that fails changes nothing, and leaves none of the directories that it made.
func TestAbort(t *testing.T) {
	dir := t.TempDir()
	old.make(t, dir)
	for _, root := range []string{"out", "a/b/c"} {
		s, err := sink.Directory(filepath.Join(dir, root), false)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Write("nodes/cp0/user-data", []byte("2")); err != nil {
			t.Error(err)
		}
		for _, name := range []string{"notes.txt", "nodes/cp0", "../x", "/etc/passwd", "nodes/../../x/user-data"} {
			if err := s.Write(name, nil); err == nil {
				t.Errorf("%s is written", name)
			}
		}
		if err := s.Write("nodes/cp0/user-data", []byte("3")); err == nil {
			t.Error("a file is written twice")
		}
		s.Abort()
		s.Abort()
	}
	if diff := cmp.Diff(old, treeOf(t, dir)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestConcurrent runs many at once. The last one wins, as a whole.
func TestConcurrent(t *testing.T) {
	sink.EachWay(t, func(t *testing.T) {
		dir := t.TempDir()
		var group sync.WaitGroup
		for i := range 16 {
			group.Go(func() {
				if _, err := generate(filepath.Join(dir, "out"), true, generation(i)); err != nil {
					t.Error(err)
				}
			})
		}
		group.Wait()
		whole(t, filepath.Join(dir, "out"))
		if entries, err := os.ReadDir(dir); err != nil || len(entries) != 1 {
			t.Errorf("%v %v", entries, err)
		}
	})
}
