//go:build unix

package main

import (
	"os"

	"golang.org/x/sys/unix"
)

// closed reports whether the caller closed the file, as `>&-` does. Go's runtime then opens /dev/null instead, for reading and
// writing; a caller's own `>/dev/null` is only for writing.
func closed(f *os.File) bool {
	null, err := os.Stat(os.DevNull)
	if err != nil {
		return false
	}
	info, err := f.Stat()
	if err != nil || !os.SameFile(info, null) {
		return err != nil
	}
	flags, err := unix.FcntlInt(f.Fd(), unix.F_GETFL, 0)
	return err == nil && flags&unix.O_ACCMODE == unix.O_RDWR
}
