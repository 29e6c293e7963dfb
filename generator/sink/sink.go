// Package sink puts finished documents where they belong: on a stream, or all together into a directory.
package sink

import (
	"errors"
	"fmt"
	"io"
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

// Stream writes the contents one after the other, without their paths. What went out cannot be taken back.
func Stream(w io.Writer) Sink { return stream{w} }

type stream struct{ w io.Writer }

func (s stream) Write(_ string, data []byte) error {
	_, err := s.w.Write(data)
	return err
}
func (stream) Commit() error { return nil }
func (stream) Abort()        {}

// Directory writes files of mode 0600 in directories of mode 0700, under temporary names until Commit renames them.
// Documents are made anew from their sources at any time, so they are not synced.
func Directory(root string) Sink {
	return &directory{root: root, made: map[string]bool{}}
}

type directory struct {
	root    string
	pending []rename
	// created directories, outermost first, to be removed by Abort; made has every directory that is known to exist.
	created []string
	made    map[string]bool
}

type rename struct{ from, to string }

func (d *directory) Write(path string, data []byte) error {
	to := filepath.Join(d.root, filepath.FromSlash(path))
	if err := d.mkdir(filepath.Dir(to)); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(to), ".kindling-*") // mode 0600
	if err != nil {
		return err
	}
	d.pending = append(d.pending, rename{f.Name(), to})
	_, err = f.Write(data)
	if err := errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("writing %s: %w", to, cause(err))
	}
	return nil
}

// cause leaves out the temporary file's name, which tells a user nothing.
func cause(err error) error {
	if pathErr := (*fs.PathError)(nil); errors.As(err, &pathErr) {
		return pathErr.Err
	}
	return err
}

func (d *directory) mkdir(dir string) error {
	if d.made[dir] {
		return nil
	}
	if info, err := os.Stat(dir); err == nil && info.IsDir() {
		d.made[dir] = true
		return nil
	}
	if parent := filepath.Dir(dir); parent != dir {
		if err := d.mkdir(parent); err != nil {
			return err
		}
	}
	if err := os.Mkdir(dir, 0o700); err != nil {
		return err
	}
	d.created = append(d.created, dir)
	d.made[dir] = true
	return nil
}

func (d *directory) Commit() error {
	for i, r := range d.pending {
		if err := os.Rename(r.from, r.to); err != nil {
			d.pending = d.pending[i:]
			d.Abort()
			return err
		}
	}
	d.pending = nil
	return nil
}

func (d *directory) Abort() {
	for _, r := range d.pending {
		os.Remove(r.from)
	}
	for i := len(d.created) - 1; i >= 0; i-- {
		os.Remove(d.created[i]) // fails where a committed file is, which is right
	}
	d.pending, d.created = nil, nil
}
