package sink

import (
	"cmp"
	"errors"
	"io/fs"
	"os"
	"runtime"
	"sync"
)

// syncers is how many files are synced at the same time: the file system then takes them to the disk together.
const syncers = 64

// syncAll syncs all below root. It returns one of the errors, if any: they have the same cause.
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
	if runtime.GOOS == "windows" { // syncs neither directories nor files that are open for reading
		return nil
	}
	f, err := root.Open(name)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
