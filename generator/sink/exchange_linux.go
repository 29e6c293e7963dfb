package sink

import (
	"errors"
	"os"

	"golang.org/x/sys/unix"
)

// exchange swaps two directories below root in one step. The error is errors.ErrUnsupported where the file system cannot.
var exchange = func(root *os.Root, a, b string) error {
	dir, err := root.Open(".")
	if err != nil {
		return err
	}
	defer dir.Close()
	fd := int(dir.Fd())
	err = unix.Renameat2(fd, a, fd, b, unix.RENAME_EXCHANGE)
	if errors.Is(err, unix.EINVAL) { // the file system does not know the flag
		return errors.ErrUnsupported
	}
	return err
}
