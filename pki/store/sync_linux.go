package store

import (
	"os"

	"golang.org/x/sys/unix"
)

// syncFileSystems syncs each file system that one of the paths is on.
func syncFileSystems(paths []string) error {
	synced := map[uint64]bool{}
	for _, path := range paths {
		var stat unix.Stat_t
		if err := unix.Stat(path, &stat); err != nil {
			return &os.PathError{Op: "stat", Path: path, Err: err}
		}
		if synced[stat.Dev] {
			continue
		}
		synced[stat.Dev] = true
		if err := syncFileSystem(path); err != nil {
			return err
		}
	}
	return nil
}

func syncFileSystem(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	if err := unix.Syncfs(int(f.Fd())); err != nil {
		return &os.PathError{Op: "sync", Path: path, Err: err}
	}
	return nil
}
