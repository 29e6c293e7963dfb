package verify

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	"kindling/generator"
)

const indexName = "index.json"

// readIndex reports whether there is an index to go by.
func (s *set) readIndex() bool {
	text, err := fs.ReadFile(s.files, indexName)
	if err != nil {
		s.problem(indexName, "name the directory that kindling generate wrote to", "cannot be read")
		return false
	}
	index, ok := generator.ParseIndex(text)
	if !ok {
		s.problem(indexName, putBack, "is not the index of a set")
		return false
	}
	s.index = index
	// One that is written differently has a name twice, or something that nobody reads.
	again, err := json.MarshalIndent(s.index, "", "  ")
	if err != nil || !bytes.Equal(append(again, '\n'), text) {
		s.problem(indexName, putBack, "is not as this release of kindling writes it")
	}
	return true
}

// checkFiles holds the files against the index.
func (s *set) checkFiles() {
	known := map[string]generator.IndexFile{}
	for _, name := range s.names() {
		n := s.index.Nodes[name]
		for file, entry := range n.Files {
			known[file] = entry
			if dir := path.Dir(file); dir != "nodes/"+name && dir != "nodes/"+name+"/install" && file != script(n.MAC) && file != generator.SecretPart(name) {
				s.problem(indexName, putBack, "gives %s the file %s, which is not in its directory", name, file)
			}
		}
		for _, file := range s.wanted(name, n) {
			if _, found := n.Files[file]; !found {
				s.problem(indexName, putBack, "has no %s", file)
			}
		}
		if _, found := n.Files[script(n.MAC)]; n.MAC != "" && !found {
			s.problem(indexName, putBack, "has no %s", script(n.MAC))
		}
		if _, found := n.Files[n.Document]; !found {
			s.problem(indexName, putBack, "does not have the document of %s among its files", name)
		}
	}
	found := s.walk(known)
	for _, file := range slices.Sorted(maps.Keys(known)) {
		if !found[file] {
			s.problem(file, putBack, "is missing")
		}
	}
	if !found["README.md"] {
		s.problem("README.md", putBack, "is missing")
	}
}

// wanted are the files that a node has at least.
func (s *set) wanted(name string, n generator.IndexNode) []string {
	dir := "nodes/" + name + "/"
	files := []string{dir + "user-data", dir + "meta-data"}
	switch {
	case n.Format == generator.Ignition:
		files = []string{dir + "config.ign", dir + "config.bu"}
	case n.Count != "":
		files = files[:1]
	}
	if s.split() {
		files = append(files, generator.SecretPart(name))
	}
	return files
}

// split reports whether documents are for everyone to read.
func (s *set) split() bool { return s.index.Spec["secrets.delivery"] == "split" }

// hasKeys reports whether there are keys in a file.
func (s *set) hasKeys(name string) bool {
	return isPart(name) || isDocument(name) && !s.split()
}

// isPart reports whether a file is a machine's secret part.
func isPart(name string) bool { return path.Dir(name) == "secret" }

func script(mac string) string { return "ipxe/" + strings.ReplaceAll(mac, ":", "-") + ".ipxe" }

// walk looks at each file that is there, and returns their names.
func (s *set) walk(known map[string]generator.IndexFile) map[string]bool {
	found := map[string]bool{}
	err := fs.WalkDir(s.files, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			s.problem(name, "make it readable", "cannot be read")
			return nil
		}
		want, listed := known[name]
		switch {
		case entry.IsDir():
		case !entry.Type().IsRegular():
			s.problem(name, "put a file in its place, or move it away", "is a link or a device, which is not followed")
		case listed:
			s.checkFile(name, entry, want)
		case slices.Contains([]string{indexName, "README.md", ".gitignore", "ipxe/boot.ipxe"}, name):
		default:
			s.problem(name, "move it away", "does not belong to the set: index.json does not name it")
		}
		found[name] = true
		return nil
	})
	if err != nil {
		s.problem(".", "make it readable", "cannot be read")
	}
	return found
}

func (s *set) checkFile(name string, entry fs.DirEntry, want generator.IndexFile) {
	info, err := entry.Info()
	data, readErr := fs.ReadFile(s.files, name)
	if err != nil || readErr != nil {
		s.problem(name, "make it readable", "cannot be read")
		return
	}
	if s.hasKeys(name) != want.Secret && !isInstallers(name) {
		s.problem(indexName, putBack, "is wrong about whether %s is secret", name)
	}
	if mode := info.Mode().Perm(); s.hasKeys(name) && mode&0o077 != 0 {
		s.problem(name, "run chmod 600 on it", "has keys in it, and others may read it (mode %04o)", mode)
	}
	switch sum := sha256.Sum256(data); {
	case len(data) != want.Bytes:
		s.problem(name, putBack, "has %d bytes, and index.json says %d", len(data), want.Bytes)
	case hex.EncodeToString(sum[:]) != want.SHA256:
		s.problem(name, putBack, "was changed: its SHA-256 is not the one in index.json")
	}
}
