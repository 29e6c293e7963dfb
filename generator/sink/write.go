package sink

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
)

// Write writes a file of the new set.
func (d *directory) Write(name string, data []byte) error {
	if !d.layout.file(name) {
		return fmt.Errorf("%s is not in the layout of a set", name)
	}
	d.units[d.layout.unit(name)] = true
	if err := d.write(name, data); err != nil {
		return fmt.Errorf("writing %s: %w", filepath.Join(d.root, filepath.FromSlash(name)), cause(err))
	}
	return nil
}

func (d *directory) write(name string, data []byte) error {
	d.files++
	if err := d.mkdirs(path.Dir(name)); err != nil {
		return err
	}
	f, err := d.stage.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	return errors.Join(err, f.Chmod(d.layout.fileMode), f.Close()) // the umask may have taken the owner's rights
}

func (d *directory) mkdirs(dir string) error {
	if d.dirs[dir] {
		return nil
	}
	if err := d.mkdirs(path.Dir(dir)); err != nil {
		return err
	}
	d.dirs[dir] = true
	return errors.Join(mkdir(d.stage, dir), d.stage.Chmod(dir, d.layout.dirMode))
}

// mkdir makes a directory of mode 0700, whatever the umask.
func mkdir(root *os.Root, name string) error {
	if err := root.Mkdir(name, 0o700); err != nil {
		return err
	}
	return root.Chmod(name, 0o700)
}

// cause strips the name of the staged file, which means nothing to a user.
func cause(err error) error {
	if pathErr := (*fs.PathError)(nil); errors.As(err, &pathErr) {
		return pathErr.Err
	}
	return err
}
