package sink

import (
	"fmt"
	"io/fs"
	"os"
)

// checkOwner refuses a directory in which other users could read or replace what is written. The parent of a root may be
// more open: it may be the system's, and others may write there if it is sticky, like /tmp, or belongs to the user's own
// group, as pam_umask knows it: the one with the same number.
func checkOwner(path string, info fs.FileInfo, parent bool) error {
	uid, gid, known := owner(info)
	if !known {
		return nil
	}
	if uid != os.Geteuid() && !(parent && uid == 0) {
		return fmt.Errorf("%s belongs to another user (uid %d), who could replace what is in it; choose another directory with -o, or run kindling as that user", path, uid)
	}
	forbidden := fs.FileMode(0o022)
	switch {
	case parent && info.Mode()&fs.ModeSticky != 0:
		forbidden = 0
	case parent && gid == uid:
		forbidden = 0o002
	}
	if info.Mode()&forbidden != 0 {
		return fmt.Errorf("%s (mode %04o) lets other users write; chmod go-w %s, or choose another directory with -o", path, info.Mode().Perm(), path)
	}
	return nil
}
