package sink

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
)

// directory replaces the set in one directory.
type directory struct {
	// root is the directory as the user wrote it, name its name in parent.
	root, name string
	parent     *os.Root
	// made are the directories above root that this run made, outermost first.
	made   []string
	layout layout
	prune  bool

	work *work
	// stage holds the new set.
	stage *os.Root
	// dirs are the directories in stage, units the units that were written there.
	dirs, units map[string]bool
	// files is how many were written.
	files  int
	report Report
}

// Directory opens a sink that replaces the set in the directory root as a whole, with files of mode 0600 in directories of
// mode 0700. It waits for other runs on the same root, and clears what interrupted ones left behind. What only the old set
// has is kept, or removed if prune is set.
//
// A root is refused if it is a link or a mount point, if other users can write to it, or if it contains files that do not
// belong to a set.
func Directory(root string, prune bool) (Sink, error) { return open(root, documents, prune) }

// Public is [Directory] for a set whose documents have no secret: git ignores the secret parts in it, and nothing else.
func Public(root string, prune bool) (Sink, error) {
	public := documents
	public.ignore = ignoreParts
	return open(root, public, prune)
}

// Redacted opens a sink for what people may read of a set. It works as [Directory] does, but everybody may read its files, and what only
// the old set has is removed.
func Redacted(root string) (Sink, error) { return open(root, redacted, true) }

// Matchbox opens a sink for what matchbox knows of a set's machines. It works as [Redacted] does.
func Matchbox(root string) (Sink, error) { return open(root, matchbox, true) }

func open(root string, l layout, prune bool) (Sink, error) {
	absolute, err := filepath.Abs(root)
	if err != nil {
		return nil, err
	}
	d := &directory{root: root, name: filepath.Base(absolute), layout: l, prune: prune, dirs: map[string]bool{".": true}, units: map[string]bool{}}
	if err := d.open(filepath.Dir(absolute)); err != nil {
		d.Abort()
		return nil, err
	}
	return d, nil
}

func (d *directory) open(parent string) (err error) {
	if filepath.Join(parent, d.name) == parent {
		return fmt.Errorf("%s is the root of the file system; choose another directory with -o", d.root)
	}
	if d.made, err = makeParents(parent); err != nil {
		return err
	}
	if d.parent, err = os.OpenRoot(parent); err != nil {
		return err
	}
	info, err := d.parent.Stat(".")
	if err != nil {
		return err
	}
	if err := checkOwner(parent, info, true); err != nil {
		return err
	}
	if d.work, err = openWork(d.parent, d.name); err != nil {
		return err
	}
	cleared, err := d.work.settle()
	if err != nil {
		return err
	}
	if cleared {
		d.report.Cleared = []string{filepath.Join(d.root, "..", d.work.name)}
	}
	if _, err := d.current(); err != nil {
		return err
	}
	if err := mkdir(d.work.Root, stageName); err != nil {
		return err
	}
	if d.stage, err = d.work.OpenRoot(stageName); err != nil {
		return err
	}
	return d.stage.Chmod(".", d.layout.dirMode)
}

// makeParents makes a directory and its parents. It returns those that did not exist, outermost first.
func makeParents(dir string) (made []string, err error) {
	for missing := dir; ; missing = filepath.Dir(missing) {
		if _, err := os.Lstat(missing); !errors.Is(err, fs.ErrNotExist) {
			break
		}
		made = append(made, missing)
	}
	slices.Reverse(made)
	return made, os.MkdirAll(dir, 0o700)
}
