package build

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestArtifactIsMadeOnce(t *testing.T) {
	t.Setenv("KINDLING_CACHE", t.TempDir())
	made := 0
	a := Artifact{Name: "tool v1", Key: "programs/tool-v1", Fill: func(_ context.Context, dir string) error {
		made++
		return os.WriteFile(filepath.Join(dir, "tool"), nil, 0o755)
	}}
	if path, err := a.Path(); err == nil || !strings.Contains(err.Error(), "tool v1 is not there yet") {
		t.Errorf("before it is made: %q %v", path, err)
	}
	for range 2 {
		if err := a.Make(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	dir, err := a.Path()
	if _, missing := os.Stat(filepath.Join(dir, "tool")); err != nil || missing != nil || made != 1 {
		t.Errorf("%v %v, made %d times", err, missing, made)
	}
}

func TestArtifactIsCompleteOrNotThere(t *testing.T) {
	t.Setenv("KINDLING_CACHE", t.TempDir())
	a := Artifact{Name: "tool v1", Key: "programs/tool-v1", Fill: func(_ context.Context, dir string) error {
		return errors.Join(os.WriteFile(filepath.Join(dir, "half"), nil, 0o755), errors.New("disk full"))
	}}
	if err := a.Make(t.Context()); err == nil || err.Error() != "make tool v1: disk full" {
		t.Error(err)
	}
	if path, err := a.Path(); err == nil {
		t.Errorf("a partial artifact is at %s", path)
	}
}
