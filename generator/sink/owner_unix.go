//go:build unix

package sink

import (
	"io/fs"
	"syscall"
)

// owner returns the user and the group to whom a file belongs.
func owner(info fs.FileInfo) (uid, gid int, known bool) {
	stat, known := info.Sys().(*syscall.Stat_t)
	if !known {
		return 0, 0, false
	}
	return int(stat.Uid), int(stat.Gid), true
}
