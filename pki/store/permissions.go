package store

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"slices"
)

// Permissions lists what others than its owner may read or change, of the secret files among these names and of the
// directories that they are in, each with the command that ends it. Links are followed; what does not exist is left out.
func (d Directory) Permissions(names []string) ([]string, error) {
	private := map[string]bool{".": true}
	for _, name := range names {
		if !isPublic(name) {
			private[name] = true
		}
		for dir := path.Dir(name); dir != "."; dir = path.Dir(dir) {
			private[dir] = true
		}
	}
	var found []string
	for _, name := range slices.Sorted(maps.Keys(private)) {
		at := d.path(name)
		info, err := os.Stat(at)
		switch {
		case errors.Is(err, fs.ErrNotExist):
		case err != nil:
			return nil, err
		case info.Mode().Perm()&0o077 != 0:
			found = append(found, fmt.Sprintf("%s: mode %04o lets others in; chmod go= %[1]s", at, info.Mode().Perm()))
		}
	}
	return found, nil
}
