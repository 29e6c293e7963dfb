// Package sink puts finished documents where they belong, all together or not at all.
package sink

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Sink takes files by their slash-separated paths below one root. Nothing of them is to be seen before Commit returns nil;
// after Abort nothing is left of them.
type Sink interface {
	Write(path string, data []byte) error
	Commit() error
	Abort()
}

// Directory writes files of mode 0600 in directories of mode 0700. They wait in a directory beside their places until Commit
// moves them. Documents are made anew from their sources at any time, so they are not synced.
func Directory(root string) Sink { return &directory{root: root} }

type directory struct {
	root string
	// stage is below root, so that moving a file is a rename; empty before the first Write.
	stage string
	// created are the directories down to root that were not there, outermost first.
	created []string
	// made are the directories below stage that exist.
	made map[string]bool
}

func (d *directory) Write(path string, data []byte) error {
	if d.stage == "" {
		if err := d.begin(); err != nil {
			return err
		}
	}
	file := filepath.Join(d.stage, filepath.FromSlash(path))
	err := d.mkdir(filepath.Dir(file))
	if err == nil {
		err = os.WriteFile(file, data, 0o600)
	}
	if err != nil {
		return fmt.Errorf("writing %s: %w", filepath.Join(d.root, filepath.FromSlash(path)), cause(err))
	}
	return nil
}

func (d *directory) begin() error {
	for dir := filepath.Clean(d.root); ; dir = filepath.Dir(dir) {
		if _, err := os.Stat(dir); !errors.Is(err, fs.ErrNotExist) {
			break
		}
		d.created = append([]string{dir}, d.created...)
	}
	if err := os.MkdirAll(d.root, 0o700); err != nil {
		return err
	}
	stage, err := os.MkdirTemp(d.root, ".kindling-*") // mode 0700
	d.stage, d.made = stage, map[string]bool{stage: true}
	return err
}

func (d *directory) mkdir(dir string) error {
	if d.made[dir] {
		return nil
	}
	d.made[dir] = true
	return os.MkdirAll(dir, 0o700)
}

// cause leaves out the name of the staged file, which tells a user nothing.
func cause(err error) error {
	if pathErr := (*fs.PathError)(nil); errors.As(err, &pathErr) {
		return pathErr.Err
	}
	return err
}

func (d *directory) Commit() error {
	err := move(d.stage, d.root)
	if err != nil {
		d.Abort()
		return err
	}
	return os.RemoveAll(d.stage)
}

// move puts all that is in from into the same places below to: what is not there as a whole, which for a new tree is one
// rename, and file by file where there is something.
func move(from, to string) error {
	entries, err := os.ReadDir(from)
	if err != nil {
		return err
	}
	for _, e := range entries {
		source, target := filepath.Join(from, e.Name()), filepath.Join(to, e.Name())
		if info, err := os.Stat(target); err == nil && info.IsDir() && e.IsDir() {
			if err := move(source, target); err != nil {
				return err
			}
		} else if err := os.Rename(source, target); err != nil {
			return err
		}
	}
	return nil
}

func (d *directory) Abort() {
	os.RemoveAll(d.stage)
	for i := len(d.created) - 1; i >= 0; i-- {
		os.Remove(d.created[i]) // fails where a committed file is, which is right
	}
}
