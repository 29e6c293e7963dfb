package sink_test

import (
	"errors"
	"os"
	"strings"
	"testing"

	"kindling/generator/sink"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sys/unix"
)

// TestFailedSwap lets the second of two renames fail: the old set comes back.
func TestFailedSwap(t *testing.T) {
	t.Chdir(t.TempDir())
	old.make(t, ".")
	defer sink.WithoutExchange(func(parent *os.Root) {
		if err := parent.RemoveAll(".out.kindling/new"); err != nil {
			t.Error(err)
		}
	})()
	if _, err := generate("out", true, next); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("%v", err)
	}
	if diff := cmp.Diff(old, treeOf(t, ".")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestFullDisk fills the file system at each file of a set in turn.
func TestFullDisk(t *testing.T) {
	sink.EachWay(t, func(t *testing.T) {
		dir := t.TempDir()
		if err := unix.Mount("tmpfs", dir, "tmpfs", 0, "size=64k,mode=700"); err != nil {
			t.Fatal(err)
		}
		defer unix.Unmount(dir, unix.MNT_DETACH)
		t.Chdir(dir)
		old.make(t, ".")
		full := false
		for kib := 4; kib < 64; kib += 4 {
			set := next.with(tree{"nodes/cp0/user-data": strings.Repeat("2", kib<<10)})
			_, err := generate("out", false, set)
			if err == nil {
				continue
			}
			full = true
			if !strings.HasSuffix(err.Error(), "no space left on device") {
				t.Errorf("%v", err)
			}
			if entries, err := os.ReadDir("."); err != nil || len(entries) != 1 {
				t.Errorf("left: %v %v", entries, err)
			}
		}
		if !full {
			t.Error("the disk was never full")
		}
	})
}
