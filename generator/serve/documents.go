package serve

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"kindling/generator"
)

const (
	indexFile  = "index.json"
	bootScript = "ipxe/boot.ipxe"
)

// Documents is a set in a directory. Each request sees the set that is there at that moment.
type Documents struct {
	dir string

	mutex sync.Mutex
	last  *set
	info  os.FileInfo // of the last set's index
}

// Open is the set in a directory. The error says why it has none.
func Open(dir string) (*Documents, error) {
	d := &Documents{dir: dir}
	_, err := d.current()
	return d, err
}

// Has reports whether the set has a machine of this name that can ask: one with a MAC address or a secret part.
func (d *Documents) Has(node string) (bool, error) {
	set, err := d.current()
	if err != nil {
		return false, err
	}
	described := set.index.Nodes[node]
	_, part := described.Files[generator.SecretPart(node)]
	return described.MAC != "" || part, nil
}

// current is the set that is there now. Its index is read again when it is another file.
func (d *Documents) current() (*set, error) {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	name := filepath.Join(d.dir, indexFile)
	info, err := os.Stat(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s is not there; run kindling generate, or name the set with -o", name)
	} else if err != nil {
		return nil, err
	}
	if d.last != nil && os.SameFile(d.info, info) && info.ModTime().Equal(d.info.ModTime()) && info.Size() == d.info.Size() {
		return d.last, nil
	}
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	index, ok := generator.ParseIndex(text)
	if !ok {
		return nil, fmt.Errorf("%s is not the index of a set of documents; run kindling generate", name)
	}
	s := &set{dir: d.dir, index: index}
	s.owners, s.addresses = map[string]string{}, map[string]string{}
	for node, described := range s.index.Nodes {
		for address := range strings.SplitSeq(described.Address, ",") {
			s.addresses[address] = node
		}
		for file := range described.Files {
			s.owners[file] = node
		}
	}
	if s.base, err = s.basePath(); err != nil {
		return nil, err
	}
	d.last, d.info = s, info
	return s, nil
}

// set is what an index describes.
type set struct {
	dir    string
	base   string // the path at which the machines look for the set
	index  generator.Index
	owners map[string]string // nodes by their files
	// addresses are nodes by the addresses that cluster.yaml has for them.
	addresses map[string]string
}

// basePath is the path of pxe.baseURL, without a slash at its end, as every script has it. Where cluster.yaml has no pxe, there is none.
func (s *set) basePath() (string, error) {
	parts := false
	for file := range s.owners {
		parts = parts || strings.HasPrefix(file, "secret/")
		if !strings.HasPrefix(file, "ipxe/") {
			continue
		}
		script, err := s.read(file)
		if err != nil {
			return "", err
		}
		_, line, _ := strings.Cut(string(script), "\nset base-url ")
		line, _, _ = strings.Cut(line, "\n")
		base, err := url.Parse(line)
		if err != nil {
			return "", err
		}
		return strings.TrimRight(base.Path, "/"), nil
	}
	if parts {
		return "", nil
	}
	return "", fmt.Errorf("%s has no machine with a MAC address, by which it could ask; give machines a mac in cluster.yaml, and run kindling generate", s.dir)
}

func (s *set) owner(file string) (string, bool) {
	node, ok := s.owners[file]
	return node, ok
}

// ask records whose file is asked for, and refuses it to the address of another node: what a pod asks for comes from the machine that it
// runs on.
func (s *set) ask(node string, entry *Entry) error {
	entry.Node = node
	if other, known := s.addresses[entry.From.String()]; known && other != node {
		return refuse(http.StatusForbidden, "%s is the address of %s; if %s asks, have DHCP give it its own", entry.From, other, node)
	}
	return nil
}

func (s *set) file(node, name string) (generator.IndexFile, bool) {
	file, ok := s.index.Nodes[node].Files[name]
	return file, ok
}

var errReplaced = errors.New("differs from index.json: while a set is replaced, or because somebody has changed it; check it with kindling verify")

// read returns the content of a file of the set, whose sum is that of the index. It follows no link out of the set.
func (s *set) read(name string) ([]byte, error) {
	root, err := os.OpenRoot(s.dir)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	data, err := root.ReadFile(filepath.FromSlash(name))
	if err != nil {
		return nil, err
	}
	if name == bootScript {
		return data, nil
	}
	sum := sha256.Sum256(data)
	if file, _ := s.file(s.owners[name], name); file.SHA256 != hex.EncodeToString(sum[:]) {
		return nil, fmt.Errorf("%s: %w", filepath.Join(s.dir, name), errReplaced)
	}
	return data, nil
}
