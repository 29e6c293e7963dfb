package build

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"
)

// An Artifact is a directory that takes a long time to make. It is made once and kept in the cache.
type Artifact struct {
	Name string // for people
	Key  string // its path in the cache, which changes with everything that determines the content
	// Fill makes the content in an empty directory.
	Fill func(ctx context.Context, dir string) error
}

// Path returns the artifact's directory. It never makes the directory: a test that has to build Kubernetes first would time
// out.
func (a Artifact) Path() (string, error) {
	dir, err := a.dir()
	if err != nil {
		return "", err
	}
	if _, err := os.Stat(dir); err != nil {
		return "", fmt.Errorf("%s is not there yet: run make programs for make test, or make rig for whole machines", a.Name)
	}
	return dir, nil
}

// Make fills a directory beside the artifact's, and gives it the artifact's name only when that has succeeded: an artifact
// in the cache is always complete. If several processes need the same one at the same time, one of them makes it.
func (a Artifact) Make(ctx context.Context) error {
	dir, err := a.dir()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(dir), 0o755); err != nil {
		return err
	}
	unlock, err := lock(dir + ".lock")
	if err != nil {
		return err
	}
	defer unlock()

	if _, err := os.Stat(dir); err == nil {
		return nil
	}
	partial := dir + ".partial"
	if err := os.RemoveAll(partial); err != nil {
		return err
	}
	if err := os.Mkdir(partial, 0o755); err != nil {
		return err
	}
	defer os.RemoveAll(partial)
	if err := a.Fill(ctx, partial); err != nil {
		return fmt.Errorf("make %s: %w", a.Name, err)
	}
	return os.Rename(partial, dir)
}

func (a Artifact) dir() (string, error) {
	cache, err := CacheDir()
	return filepath.Join(cache, a.Key), err
}

func lock(path string) (unlock func(), err error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		return nil, err
	}
	if err := unix.Flock(int(f.Fd()), unix.LOCK_EX); err != nil {
		f.Close()
		return nil, err
	}
	return func() { f.Close() }, nil
}
