package store

import (
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// A replacement is written below stageName and then renamed to committedName, at one stroke. From then on Read prefers
// what is there, until all of it is in place.
const (
	stageName     = ".replacing.new"
	committedName = ".replacing"
)

func (d Directory) committed() Directory { return Directory(d.path(committedName)) }

// Replace puts files in the place of others of the same names: all of them or none, whenever the run is killed or the
// power goes. Key and certificate of a pair belong together at every moment, for all who use Read. The caller holds the
// lock.
func (d Directory) Replace(files map[string][]byte) error {
	stage := Directory(d.path(stageName))
	if err := stage.write(files, os.Rename); err != nil {
		return errors.Join(err, os.RemoveAll(string(stage)))
	}
	if err := os.Rename(string(stage), string(d.committed())); err != nil {
		return err
	}
	if err := settle([]string{string(d)}); err != nil {
		return err
	}
	if err := d.finish(); err != nil {
		return err
	}
	return d.ignore()
}

// finish puts a committed replacement in place. It may be done again from the beginning at any time.
func (d Directory) finish() error {
	committed := d.committed()
	if _, err := os.Stat(string(committed)); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	names, err := committed.Names()
	if err != nil {
		return err
	}
	files := map[string][]byte{}
	for _, name := range names {
		if files[name], err = committed.read(name); err != nil {
			return err
		}
	}
	if err := d.write(files, os.Rename); err != nil {
		return err
	}
	if err := d.removeSealed(names); err != nil {
		return err
	}
	// Under the name of a stage it no longer counts, however much of it is removed.
	stage := d.path(stageName)
	if err := os.Rename(string(committed), stage); err != nil {
		return err
	}
	return os.RemoveAll(stage)
}

// removeSealed removes in the clear what is sealed now: for certain, before the replacement is over.
func (d Directory) removeSealed(names []string) error {
	var clear []string
	for _, name := range names {
		if name, ok := strings.CutSuffix(name, sealedSuffix); ok {
			clear = append(clear, name)
		}
	}
	return d.Remove(clear)
}

// Remove removes files, whether they are there or not. The caller holds the lock.
func (d Directory) Remove(names []string) error {
	directories := map[string]bool{}
	for _, name := range names {
		path := d.path(name)
		switch err := os.Remove(path); {
		case err == nil:
			directories[filepath.Dir(path)] = true
		case !errors.Is(err, fs.ErrNotExist):
			return err
		}
	}
	return settle(slices.Sorted(maps.Keys(directories)))
}
