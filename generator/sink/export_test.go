package sink

import (
	"errors"
	"os"
	"testing"
)

// PoorFileSystem simulates one that cannot exchange directories and has no hard links. before, if not nil, is called instead of the
// exchange, with the parent of both.
func PoorFileSystem(before func(parent *os.Root)) (undo func()) {
	oldExchange, oldLink := exchange, link
	exchange = func(parent *os.Root, _, _ string) error {
		if before != nil {
			before(parent)
		}
		return errors.ErrUnsupported
	}
	link = func(*os.Root, string, string) error { return errors.ErrUnsupported }
	return func() { exchange, link = oldExchange, oldLink }
}

// EachWay runs a test on the file system at hand, and on a poor one.
func EachWay(t *testing.T, test func(t *testing.T)) {
	t.Run("exchange", test)
	t.Run("two renames", func(t *testing.T) {
		defer PoorFileSystem(nil)()
		test(t)
	})
}

// SyncFileSystem replaces the sync of a whole file system.
func SyncFileSystem(with func() error) (undo func()) {
	before := syncFileSystem
	syncFileSystem = func(*os.Root) error { return with() }
	return func() { syncFileSystem = before }
}
