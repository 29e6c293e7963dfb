package sink

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// current returns the set that is in root now, or an error if it cannot be replaced.
func (d *directory) current() (set, error) {
	info, err := d.parent.Lstat(d.name)
	if errors.Is(err, fs.ErrNotExist) {
		return set{}, nil
	}
	if err != nil {
		return set{}, err
	}
	if info.Mode()&fs.ModeSymlink != 0 {
		return set{}, fmt.Errorf("%s is a link, which is not followed; choose its target, or another directory, with -o", d.root)
	}
	if !info.IsDir() {
		return set{}, fmt.Errorf("%s is not a directory; choose another name with -o", d.root)
	}
	if err := checkOwner(d.root, info, false); err != nil {
		return set{}, err
	}
	root, err := d.parent.OpenRoot(d.name)
	if err != nil {
		return set{}, err
	}
	defer root.Close()
	found, err := scan(root, d.layout)
	if err != nil {
		return set{}, fmt.Errorf("reading %s: %w", d.root, err)
	}
	if err := found.check(d.root); err != nil {
		return set{}, err
	}
	if here, err := os.Stat("."); err == nil && os.SameFile(here, info) {
		return set{}, fmt.Errorf("%s is the working directory, which cannot be replaced; run kindling from another one", d.root)
	}
	return found, nil
}
