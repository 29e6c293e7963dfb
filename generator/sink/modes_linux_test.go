package sink_test

import (
	"io/fs"
	"path/filepath"
	"syscall"
	"testing"
)

// TestModes holds that nobody else can read a set, whatever the umask and however open the last set is.
func TestModes(t *testing.T) {
	for _, umask := range []int{0, 0o777} {
		dir := t.TempDir()
		old.make(t, dir)
		before := syscall.Umask(umask)
		_, err := generate(filepath.Join(dir, "out"), false, next)
		syscall.Umask(before)
		if err != nil {
			t.Fatal(err)
		}
		err = filepath.WalkDir(filepath.Join(dir, "out"), func(path string, entry fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			want := fs.FileMode(0o600)
			if entry.IsDir() {
				want = 0o700
			}
			if info, err := entry.Info(); err != nil || info.Mode().Perm() != want {
				t.Errorf("%s: %v, %v, want %v", path, info.Mode(), err, want)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}
