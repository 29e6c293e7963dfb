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
	// asideName is the old set if the file system cannot exchange two directories.
	asideName = "old"
)

// work is the directory beside a root in which a run writes the new set. Only one run at a time uses it: the one that holds
// its lock. That run removes it at the end; an interrupted run leaves it behind.
type work struct {
	*os.Root
	parent         *os.Root
	name, rootName string
	lock           *lockedfile.File
}

// openWork makes the work directory. It waits while another run holds it.
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
	// An interrupted run must not leave keys where `git add` takes them.
	if err := w.WriteFile(ignoreName, []byte(ignoreAll), 0o600); err != nil {
		w.close()
		return nil, err
	}
	return w, nil
}

// acquire takes the lock. It leaves w.lock nil if the last run has just removed the whole directory.
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

// swap puts the new set in place of the old one, in one step if the file system can.
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

// settle puts the old set back if nothing is in its place, and removes everything else that a run left behind. cleared
// reports whether there was anything.
func (w *work) settle() (cleared bool, err error) {
	if exists(w.Root, asideName) && !exists(w.parent, w.rootName) {
		if err := w.parent.Rename(path.Join(w.name, asideName), w.rootName); err != nil {
			return false, fmt.Errorf("putting the last set back: %w", err)
		}
	}
	for _, name := range []string{stageName, asideName} {
		if exists(w.Root, name) {
			cleared = true
			if failed := w.RemoveAll(name); failed != nil {
				err = fmt.Errorf("clearing %s: %w", filepath.Join(w.parent.Name(), w.name), failed)
			}
		}
	}
	return cleared, err
}

func exists(root *os.Root, name string) bool {
	_, err := root.Lstat(name)
	return err == nil
}

// close removes the work directory and lets the next run start.
func (w *work) close() error {
	_, err := w.settle()
	if err == nil {
		w.Remove(ignoreName)
	}
	// A run that waits for this lock gets it, and sees that it is no longer the one in the directory.
	w.Remove(lockName)
	w.Root.Close()
	w.parent.Remove(w.name) // fails if another run has started
	return errors.Join(err, w.lock.Close())
}
