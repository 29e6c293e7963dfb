package store

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
)

// Add creates files. It fails at a name that is taken, be it by a link to nothing, and may then have created others. The
// caller holds the lock.
func (d Directory) Add(files map[string][]byte) error {
	return d.write(files, os.Link)
}

// write brings contents to the disk under temporary names, and then lets place give them their own: secret files first,
// and the others once these have theirs for certain.
func (d Directory) write(files map[string][]byte, place func(temporary, path string) error) error {
	names := slices.Sorted(maps.Keys(files))
	defer func() {
		for _, name := range names {
			os.Remove(d.path(temporary(name)))
		}
	}()
	var touched []string
	for _, name := range names {
		made, err := d.writeTemporary(name, files[name])
		if err != nil {
			return fmt.Errorf("%s: %w", d.path(name), cause(err))
		}
		touched = append(touched, made...)
	}
	if err := settle(touched); err != nil {
		return err
	}
	isSecret := func(name string) bool { return !isPublic(name) }
	if err := d.place(slices.DeleteFunc(slices.Clone(names), isPublic), place); err != nil {
		return err
	}
	return d.place(slices.DeleteFunc(slices.Clone(names), isSecret), place)
}

// place gives files their names for certain.
func (d Directory) place(names []string, place func(temporary, path string) error) error {
	directories := map[string]bool{}
	for _, name := range names {
		if err := place(d.path(temporary(name)), d.path(name)); err != nil {
			return fmt.Errorf("%s: %w", d.path(name), cause(err))
		}
		directories[filepath.Dir(d.path(name))] = true
	}
	return settle(slices.Sorted(maps.Keys(directories)))
}

// writeTemporary writes a file under its temporary name, with the directories that it needs. It returns what has to be
// synced for that to last.
func (d Directory) writeTemporary(name string, data []byte) (touched []string, err error) {
	mode := fs.FileMode(0o600)
	if isPublic(name) {
		mode = 0o644
	}
	at := d.path(temporary(name))
	if touched, err = makeDirs(filepath.Dir(at)); err != nil {
		return nil, err
	}
	os.Remove(at)
	f, err := os.OpenFile(at, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return nil, err
	}
	_, err = f.Write(data)
	return append(touched, at), errors.Join(err, f.Close())
}

const (
	temporaryPrefix = "."
	temporarySuffix = ".new"
)

func temporary(name string) string {
	return path.Join(path.Dir(name), temporaryPrefix+path.Base(name)+temporarySuffix)
}

func isTemporary(name string) bool {
	return strings.HasPrefix(path.Base(name), temporaryPrefix) && strings.HasSuffix(name, temporarySuffix)
}

// isPublic reports whether others may read the file. Of any other kind than these it is secret.
func isPublic(name string) bool {
	return name == recipientsFile || slices.Contains([]string{".crt", ".pub", ".gitignore"}, path.Ext(name))
}

// makeDirs makes a directory with its parents; existing ones keep their modes. It returns the directories that have got an
// entry.
func makeDirs(dir string) (touched []string, err error) {
	err = os.Mkdir(dir, 0o700)
	if errors.Is(err, fs.ErrNotExist) {
		if touched, err = makeDirs(filepath.Dir(dir)); err != nil {
			return nil, err
		}
		err = os.Mkdir(dir, 0o700)
	}
	if errors.Is(err, fs.ErrExist) {
		if info, err := os.Stat(dir); err != nil || !info.IsDir() {
			return nil, &fs.PathError{Op: "mkdir", Path: dir, Err: syscall.ENOTDIR}
		}
		return nil, nil
	}
	return append(touched, filepath.Dir(dir)), err
}

// cause is a file error without the paths, for messages that name the file already.
func cause(err error) error {
	var pathError *fs.PathError
	if errors.As(err, &pathError) {
		return pathError.Err
	}
	var linkError *os.LinkError
	if errors.As(err, &linkError) {
		return linkError.Err
	}
	return err
}
