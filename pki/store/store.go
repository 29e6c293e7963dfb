// Package store keeps the files of a PKI: names and bytes. What they mean is package pki's affair.
//
// # What is never done
//
// [Directory.Add] never replaces a file: it writes each under another name and links it into place, which the system
// refuses when the name is taken. [Directory.Replace] is the only way to replace one, and takes all of its files or none.
//
// # What is sealed
//
// [Open] and [OpenArchive] return a [PKI], which opens sealed files and seals new ones before they are written. What is sealed
// is a directory's own affair: its file recipients says to whom. [PKI.Seal] is one Replace of the whole set.
//
// # A run that was cut short
//
// Each file appears whole or not at all, also when the power goes. Contents are on the disk before names; within one Add
// secret files have their names for certain before public ones get theirs, so that there is never a certificate whose
// private key is lost. What a killed run leaves behind is cleared, or finished, by the next [Directory.Lock].
package store

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/rogpeppe/go-internal/lockedfile"
)

// Directory is a directory of this path. It need not exist yet.
type Directory string

var errDangling = errors.New("is a symbolic link to nothing: mount or restore what it points to")

// Read returns the content of a file. The error of a file that does not exist is [fs.ErrNotExist]. A link to nothing is
// another error: the file may be on a medium that is not there just now.
func (d Directory) Read(name string) ([]byte, error) {
	committed := d.committed()
	if _, err := os.Lstat(committed.path(name)); !errors.Is(err, fs.ErrNotExist) {
		// It may be put in place just now.
		if data, err := committed.read(name); !errors.Is(err, fs.ErrNotExist) {
			return data, err
		}
	}
	return d.read(name)
}

// maxSize is that of a file in bytes. Keys and certificates have a few thousand.
const maxSize = 1 << 20

var (
	errNoFile  = errors.New("is not a regular file")
	errTooLong = errors.New("is longer than a key or a certificate can be")
)

func (d Directory) read(name string) ([]byte, error) {
	path := d.path(name)
	fail := func(err error) ([]byte, error) { return nil, &fs.PathError{Op: "read", Path: path, Err: err} }
	switch info, err := os.Stat(path); {
	case errors.Is(err, fs.ErrNotExist):
		if _, err := os.Lstat(path); err == nil {
			return fail(errDangling)
		}
		return nil, err
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular(): // reading a pipe would wait for ever
		return fail(errNoFile)
	case info.Size() > maxSize:
		return fail(errTooLong)
	}
	return os.ReadFile(path)
}

// Names lists all files below the directory, hidden ones left out. A directory that does not exist has none.
func (d Directory) Names() ([]string, error) {
	var names []string
	err := d.walk(func(name string) error {
		if !strings.HasPrefix(filepath.Base(name), ".") {
			names = append(names, name)
		}
		return nil
	})
	return names, err
}

// walk calls visit for every file. Links are followed at the top and for files.
func (d Directory) walk(visit func(name string) error) error {
	err := fs.WalkDir(os.DirFS(string(d)), ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case !entry.IsDir():
			return visit(name)
		case name != "." && strings.HasPrefix(entry.Name(), "."):
			return fs.SkipDir
		}
		return nil
	})
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// Lock makes the directory if need be, with a .gitignore that keeps secrets out of git, and holds it until unlock is called or
// the process ends: others wait. Then it puts right what a killed run has left.
func (d Directory) Lock() (unlock func(), err error) {
	touched, err := makeDirs(string(d))
	if err != nil {
		return nil, err
	}
	if err := settle(touched); err != nil {
		return nil, err
	}
	// A file of its own, because network file systems lock no directories.
	lock, err := lockedfile.OpenFile(d.path(".lock"), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	if err := d.prepare(); err != nil {
		lock.Close()
		return nil, err
	}
	return func() { lock.Close() }, nil
}

func (d Directory) prepare() error {
	if err := d.clear(); err != nil {
		return err
	}
	if err := d.finish(); err != nil {
		return err
	}
	return d.ignore()
}

// clear removes what a killed run wrote under other names.
func (d Directory) clear() error {
	if err := os.RemoveAll(d.path(stageName)); err != nil {
		return err
	}
	// A directory that cannot be read is none of ours.
	_ = d.walk(func(name string) error {
		if isTemporary(name) {
			return os.Remove(d.path(name))
		}
		return nil
	})
	return nil
}

func (d Directory) path(name string) string {
	return filepath.Join(string(d), filepath.FromSlash(name))
}
