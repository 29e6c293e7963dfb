//go:build !linux

package sink

import (
	"errors"
	"os"
)

// syncFileSystem is possible only on Linux.
func syncFileSystem(*os.Root) error { return errors.ErrUnsupported }
