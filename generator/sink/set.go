package sink

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// set is what a directory holds.
type set struct {
	// files are those in the layout.
	files []string
	// stages were left behind by earlier releases.
	stages []string
	// foreign is everything else. For a directory, it has only the name.
	foreign []string
}

// scan sorts the contents of a directory. Links, devices and the like are foreign. So is everything if kindling did not
// write the directory.
func scan(root *os.Root, l layout) (set, error) {
	var found set
	known := l.made(root)
	err := fs.WalkDir(root.FS(), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || name == "." {
			return err
		}
		stage, rest := cutStage(name)
		switch {
		case stage != "" && rest == "" && entry.IsDir():
			found.stages = append(found.stages, stage)
		case !known && stage == "", entry.IsDir() && !l.dir(rest):
			found.foreign = append(found.foreign, name)
			if entry.IsDir() {
				return fs.SkipDir
			}
		case entry.IsDir():
		case !entry.Type().IsRegular() || !l.file(rest):
			found.foreign = append(found.foreign, name)
		case stage == "":
			found.files = append(found.files, name)
		}
		return nil
	})
	return found, err
}

// isSet reports whether `kindling generate` wrote a directory. Sets of earlier releases have no index.
func isSet(root *os.Root) bool {
	var index struct{ APIVersion, Kind string }
	if json.Unmarshal(read(root, "index.json"), &index) == nil && strings.HasPrefix(index.APIVersion, "kindling/") && index.Kind == "Index" {
		return true
	}
	return bytes.Contains(read(root, "README.md"), []byte("Made by `kindling generate`"))
}

// read returns the content of a regular file, or nothing.
func read(root *os.Root, name string) []byte {
	if info, err := root.Lstat(name); err != nil || !info.Mode().IsRegular() {
		return nil
	}
	data, _ := root.ReadFile(name)
	return data
}

// check refuses a set with foreign files, which would be lost.
func (s set) check(root string) error {
	count := len(s.foreign)
	if count == 0 {
		return nil
	}
	named, more := s.foreign, ""
	if count > 5 {
		named, more = named[:5], ", …"
	}
	return fmt.Errorf("%s has what kindling did not write there (%d: %s%s); move it away, or choose another directory with -o",
		root, count, strings.Join(named, ", "), more)
}

// stagePaths returns the paths of the stages below root.
func (s set) stagePaths(root string) (paths []string) {
	for _, name := range s.stages {
		paths = append(paths, filepath.Join(root, name))
	}
	return paths
}
