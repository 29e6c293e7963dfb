package sink_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kindling/generator/sink"
)

// readme is what a set is known by.
const readme = "Made by `kindling generate`; edit cluster.yaml\n"

// tree has contents by path. A path with a slash at its end is a directory; contents that begin with an arrow are links.
type tree map[string]string

func (files tree) make(t *testing.T, dir string) {
	t.Helper()
	for name, content := range files {
		path := filepath.Join(dir, name)
		err := os.MkdirAll(filepath.Dir(path), 0o755)
		target, link := strings.CutPrefix(content, "-> ")
		switch {
		case err != nil:
		case strings.HasSuffix(name, "/"):
			err = os.MkdirAll(path, 0o755)
		case link:
			err = os.Symlink(target, path)
		default:
			err = os.WriteFile(path, []byte(content), 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

// treeOf is what is below a directory; directories only if they are empty.
func treeOf(t *testing.T, dir string) tree {
	t.Helper()
	files := tree{}
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || path == dir {
			return err
		}
		name, _ := filepath.Rel(dir, path)
		switch {
		case entry.IsDir():
			if entries, err := os.ReadDir(path); err != nil || len(entries) == 0 {
				files[name+"/"] = ""
				return err
			}
		case entry.Type()&fs.ModeSymlink != 0:
			target, err := os.Readlink(path)
			files[name] = "-> " + target
			return err
		case entry.Type().IsRegular():
			data, err := os.ReadFile(path)
			files[name] = string(data)
			return err
		default:
			files[name] = entry.Type().String()
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// generate writes a set.
func generate(root string, prune bool, files tree) (sink.Report, error) {
	s, err := sink.Directory(root, prune)
	if err != nil {
		return sink.Report{}, err
	}
	for name, content := range files {
		if err := s.Write(name, []byte(content)); err != nil {
			s.Abort()
			return sink.Report{}, err
		}
	}
	return s.Commit()
}
