package store

import (
	"errors"
	"os"
	"runtime"
)

// few is up to how many files are synced one by one. Beyond it, one sync of the whole file system costs less.
const few = 16

// settle brings files, and the entries of directories, to the disk.
func settle(paths []string) error {
	if len(paths) > few {
		if err := syncFileSystems(paths); !errors.Is(err, errors.ErrUnsupported) {
			return err
		}
	}
	for _, path := range paths {
		if err := syncPath(path); err != nil {
			return err
		}
	}
	return nil
}

func syncPath(path string) error {
	flag := os.O_RDONLY
	if runtime.GOOS == "windows" { // which syncs no directories, and files only when open for writing
		if info, err := os.Stat(path); err != nil || info.IsDir() {
			return err
		}
		flag = os.O_RDWR
	}
	f, err := os.OpenFile(path, flag, 0)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
