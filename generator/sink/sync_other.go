//go:build !linux

package sink

import (
	"errors"
	"os"
)

// syncFileSystem is possible only on Linux.
var syncFileSystem = func(*os.Root) error { return errors.ErrUnsupported }
