package sink

import (
	"cmp"
	"errors"
	"io/fs"
	"os"
	"runtime"
	"sync"
)

// few is up to how many files are synced one by one. Beyond it, one sync of the whole file system costs less.
const few = 16

// syncSet syncs what was written below root, which is so many files.
func syncSet(root *os.Root, files int) error {
	if files > few {
		if err := syncFileSystem(root); !errors.Is(err, errors.ErrUnsupported) {
			return err
		}
	}
	return syncAll(root)
}

// syncers is how many files are synced at the same time: the file system then writes them to the disk together.
const syncers = 64

// syncAll syncs everything below root. It returns one of the errors, if any, since they have the same cause.
func syncAll(root *os.Root) error {
	names, errs := make(chan string), make([]error, syncers)
	var group sync.WaitGroup
	for i := range errs {
		group.Go(func() {
			for name := range names {
				errs[i] = cmp.Or(errs[i], syncFile(root, name))
			}
		})
	}
	err := fs.WalkDir(root.FS(), ".", func(name string, _ fs.DirEntry, err error) error {
		names <- name
		return err
	})
	close(names)
	group.Wait()
	return cmp.Or(append(errs, err)...)
}

// syncFile syncs a file, or the names in a directory.
func syncFile(root *os.Root, name string) error {
	if runtime.GOOS == "windows" { // cannot sync directories, nor files that are open for reading
		return nil
	}
	f, err := root.Open(name)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
