package sink_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"kindling/generator/sink"

	"github.com/google/go-cmp/cmp"
)

// TestSyncOfManyFiles writes a set of so many files that one sync of the file system takes the place of one for each.
func TestSyncOfManyFiles(t *testing.T) {
	large, written := tree{"README.md": readme}, tree{"out/README.md": readme, "out/.gitignore": "*\n"}
	for i := range 40 {
		name := fmt.Sprintf("nodes/w%d/user-data", i)
		large[name], written["out/"+name] = "2", "2"
	}
	broken := errors.New("input/output error")
	for name, test := range map[string]struct {
		set   tree
		sync  error
		fails bool
		syncs int
		want  tree
	}{
		"a large set":                           {large, nil, false, 1, written},
		"on a system that syncs no file system": {large, errors.ErrUnsupported, false, 1, written},
		"a disk that fails leaves the old set":  {large, broken, true, 1, old},
		"a small set does without":              {next, broken, false, 0, fresh},
	} {
		t.Run(name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			old.write(t, ".")
			syncs := 0
			defer sink.SyncFileSystem(func() error { syncs++; return test.sync })()
			_, err := generate("out", true, test.set)
			if test.fails != (err != nil) || test.fails && !strings.HasSuffix(err.Error(), broken.Error()) {
				t.Errorf("err = %v", err)
			}
			if syncs != test.syncs {
				t.Errorf("%d syncs of the file system, want %d", syncs, test.syncs)
			}
			if diff := cmp.Diff(test.want, treeOf(t, ".")); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
