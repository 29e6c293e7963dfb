package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/urfave/cli/v2"
)

func filesFlag() cli.Flag {
	return &cli.StringFlag{Name: "files", Usage: "let the cluster's file name files below `DIR` (default: its own directory)"}
}

// localFiles are the files that a cluster.yaml may name. A cluster.yaml from somebody else must not carry this computer's other files into
// documents, so a name or a link that leads out of the root opens nothing.
type localFiles struct {
	root *os.Root
	// at is where relative names begin, below the root.
	at string
}

// maxLocalFile is that of one file in bytes. No provider takes so much.
const maxLocalFile = 16 << 20

var (
	errOutside    = errors.New("leads out of the directory of cluster.yaml; put a copy there, or name a directory above both with --files")
	errNotRegular = errors.New("is not a regular file")
	errTooLarge   = fmt.Errorf("has more than %d MiB", maxLocalFile>>20)
)

// openLocalFiles opens the directory below which all files are: top or, if that is empty, the one of cluster.yaml.
func openLocalFiles(dir, top string) (localFiles, error) {
	dir, err := realPath(dir)
	if err != nil {
		return localFiles{}, err
	}
	if top == "" {
		top = dir
	} else if top, err = realPath(top); err != nil {
		return localFiles{}, err
	}
	at, err := filepath.Rel(top, dir)
	if err != nil || !filepath.IsLocal(at) {
		return localFiles{}, fmt.Errorf("--files %s is not above %s, the directory of the cluster's file", top, dir)
	}
	root, err := os.OpenRoot(top)
	return localFiles{root, at}, err
}

func realPath(dir string) (string, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	return filepath.EvalSymlinks(dir)
}

// Close gives the directory back.
func (l localFiles) Close() error { return l.root.Close() }

// Open opens a regular file or a directory.
func (l localFiles) Open(name string) (fs.File, error) {
	fail := func(err error) (fs.File, error) { return nil, &fs.PathError{Op: "open", Path: name, Err: err} }
	below, err := l.below(name)
	if err != nil {
		return fail(err)
	}
	switch info, err := l.root.Stat(below); {
	case err != nil && strings.Contains(err.Error(), "escapes"): // os has no name for this error
		return fail(errOutside)
	case err != nil:
		return nil, err
	case info.IsDir():
	case !info.Mode().IsRegular():
		return fail(errNotRegular)
	case info.Size() > maxLocalFile:
		return fail(errTooLarge)
	}
	return l.root.Open(below)
}

// below is the name as it is below the root.
func (l localFiles) below(name string) (string, error) {
	if filepath.IsAbs(name) {
		relative, err := filepath.Rel(l.root.Name(), name)
		if err != nil || !filepath.IsLocal(relative) {
			return "", errOutside
		}
		return relative, nil
	}
	if name = filepath.Join(l.at, name); !filepath.IsLocal(name) {
		return "", errOutside
	}
	return name, nil
}
