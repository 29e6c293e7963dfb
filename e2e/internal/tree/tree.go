// Package tree describes what is in a directory, to compare what two programs have written.
package tree

import (
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"strings"
	"syscall"
)

// A Tree is the entries of a directory by their path, which begins with a slash.
type Tree map[string]Entry

// An Entry is a file, directory, symbolic link or anything else that has a path.
type Entry struct {
	Type    string
	Mode    string
	UID     uint32
	GID     uint32
	Content string
	Target  string
}

// Written returns those entries of the directory upper that differ from the ones that they cover in the directories
// base, of which the first is the topmost.
func Written(upper string, base ...string) (Tree, error) {
	written := Tree{}
	err := filepath.WalkDir(upper, func(name string, _ fs.DirEntry, err error) error {
		if err != nil || name == upper {
			return err
		}
		entry, err := read(name)
		if err != nil {
			return err
		}
		inside := strings.TrimPrefix(name, upper)
		covered, err := find(inside, base)
		if entry != covered {
			written[inside] = entry
		}
		return err
	})
	return written, err
}

// Without returns the tree without those paths that are, or are below, one that matches a pattern of [path.Match].
func (t Tree) Without(patterns ...string) Tree {
	rest := maps.Clone(t)
	maps.DeleteFunc(rest, func(name string, _ Entry) bool {
		for ; name != "/"; name = path.Dir(name) {
			for _, pattern := range patterns {
				if matched, err := path.Match(pattern, name); err != nil {
					panic(err) // a pattern is a constant
				} else if matched {
					return true
				}
			}
		}
		return false
	})
	return rest
}

func find(inside string, base []string) (Entry, error) {
	for _, dir := range base {
		entry, err := read(filepath.Join(dir, inside))
		if !os.IsNotExist(err) {
			return entry, err
		}
	}
	return Entry{}, nil
}

func read(name string) (Entry, error) {
	info, err := os.Lstat(name)
	if err != nil {
		return Entry{}, err
	}
	owner := info.Sys().(*syscall.Stat_t)
	entry := Entry{
		Type: typeOf(info.Mode()),
		Mode: fmt.Sprintf("%04o", owner.Mode&0o7777),
		UID:  owner.Uid,
		GID:  owner.Gid,
	}
	switch entry.Type {
	case "file":
		content, err := os.ReadFile(name)
		entry.Content = string(content)
		return entry, err
	case "link":
		entry.Target, err = os.Readlink(name)
		return entry, err
	}
	return entry, nil
}

func typeOf(mode fs.FileMode) string {
	switch mode.Type() {
	case 0:
		return "file"
	case fs.ModeDir:
		return "directory"
	case fs.ModeSymlink:
		return "link"
	default:
		return mode.Type().String()
	}
}
