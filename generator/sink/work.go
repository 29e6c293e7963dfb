package sink

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"

	"github.com/rogpeppe/go-internal/lockedfile"
)

// The names in a work directory.
const (
	lockName = "lock"
	// stageName is the new set while it is written, and the old one after an exchange.
	stageName = "new"
	// asideName is the old set where the file system cannot exchange two directories.
	asideName = "old"
)

// work is the directory beside a root in which one run at a time, the one that holds its lock, makes the new set. It goes
// with the run; a run that is cut short leaves it.
type work struct {
	*os.Root
	parent         *os.Root
	name, rootName string
	lock           *lockedfile.File
}

// openWork makes the work directory, and waits for the run that holds it.
func openWork(parent *os.Root, rootName string) (*work, error) {
	w := &work{parent: parent, name: "." + rootName + ".kindling", rootName: rootName}
	for w.lock == nil {
		if err := w.acquire(); err != nil {
			return nil, err
		}
	}
	var err error
	if w.Root, err = parent.OpenRoot(w.name); err != nil {
		w.lock.Close()
		return nil, err
	}
	// A run that is cut short must not leave keys where `git add` takes them.
	if err := w.WriteFile(ignoreName, []byte("*\n"), 0o600); err != nil {
		w.close()
		return nil, err
	}
	return w, nil
}

// acquire takes the lock, unless the run that had it has removed it meanwhile with the whole directory.
func (w *work) acquire() error {
	dir := filepath.Join(w.parent.Name(), w.name)
	if err := mkdir(w.parent, w.name); err != nil && !errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("making %s, where the new set is written: %w", dir, cause(err))
	}
	info, err := w.parent.Lstat(w.name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if !info.IsDir() {
		return fmt.Errorf("%s is in the way of the new set; remove it", dir)
	}
	if err := checkOwner(dir, info, false); err != nil {
		return err
	}
	lock, err := lockedfile.OpenFile(filepath.Join(dir, lockName), os.O_RDWR|os.O_CREATE, 0o600)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	locked, err := lock.Stat()
	if err == nil {
		if info, err := w.parent.Stat(path.Join(w.name, lockName)); err == nil && os.SameFile(info, locked) {
			w.lock = lock
			return nil
		}
	}
	return errors.Join(err, lock.Close())
}

// swap puts the new set in the place of the old one, in one step where the file system can.
func (w *work) swap() error {
	staged := path.Join(w.name, stageName)
	if !exists(w.parent, w.rootName) {
		return w.parent.Rename(staged, w.rootName)
	}
	err := exchange(w.parent, staged, w.rootName)
	if !errors.Is(err, errors.ErrUnsupported) {
		return err
	}
	// Between these two there is no set: settle puts the old one back, in this run or the next.
	if err := w.parent.Rename(w.rootName, path.Join(w.name, asideName)); err != nil {
		return err
	}
	return w.parent.Rename(staged, w.rootName)
}

// settle puts the old set back if there is none in its place, and removes what else is left of a run: cleared is true if
// there was anything.
func (w *work) settle() (cleared bool, err error) {
	if exists(w.Root, asideName) && !exists(w.parent, w.rootName) {
		if err := w.parent.Rename(path.Join(w.name, asideName), w.rootName); err != nil {
			return false, fmt.Errorf("putting the last set back: %w", err)
		}
	}
	for _, name := range []string{stageName, asideName} {
		if exists(w.Root, name) {
			cleared = true
			err = errors.Join(err, w.RemoveAll(name))
		}
	}
	return cleared, err
}

func exists(root *os.Root, name string) bool {
	_, err := root.Lstat(name)
	return err == nil
}

// close removes the work directory and lets the next run begin.
func (w *work) close() error {
	_, err := w.settle()
	if err == nil {
		w.Remove(ignoreName)
	}
	// A run that waits for this lock gets it, and sees that it is not the one in the directory any more.
	w.Remove(lockName)
	w.Root.Close()
	w.parent.Remove(w.name) // fails where another run has begun
	return errors.Join(err, w.lock.Close())
}
