package sink

import (
	"os"

	"golang.org/x/sys/unix"
)

// syncFileSystem syncs everything on the file system that root is on.
var syncFileSystem = func(root *os.Root) error {
	dir, err := root.Open(".")
	if err != nil {
		return err
	}
	defer dir.Close()
	return os.NewSyscallError("syncfs", unix.Syncfs(int(dir.Fd())))
}
