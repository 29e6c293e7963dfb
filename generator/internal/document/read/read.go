// Package read is the way back from a document to what its machine gets: cloud-init's user-data as text, gzip or base64, an Ignition
// config with all that it merges, or a Butane config. It reads what package document writes, not all that these formats can say. Its
// errors never quote a document, which holds keys.
package read

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"encoding/base64"
	"errors"
	"io"
	"slices"
)

// Machine is what a machine gets.
type Machine struct {
	// Files by their paths, those of units and drop-ins included.
	Files []File
	// Enabled and Masked are units by their names.
	Enabled, Masked []string
	// SSHAuthorizedKeys of the operating system's default user.
	SSHAuthorizedKeys []string
}

// File is a file on the machine, owned by root.
type File struct {
	Path    string
	Mode    int // permission bits
	Content []byte
}

// File returns the content of a file, and whether the machine gets it.
func (m Machine) File(path string) ([]byte, bool) {
	i, found := slices.BinarySearchFunc(m.Files, path, func(f File, path string) int { return cmp.Compare(f.Path, path) })
	if !found {
		return nil, false
	}
	return m.Files[i].Content, true
}

var errTooLarge = errors.New("is larger than any document when it is unpacked")

// maxUnpacked is far above every provider's limit.
const maxUnpacked = 64 << 20

// Document reads a document in any format and encoding.
func Document(document []byte) (Machine, error) {
	text, err := unpacked(document)
	if err != nil {
		return Machine{}, err
	}
	var m Machine
	switch {
	case bytes.HasPrefix(text, []byte("#cloud-config\n")):
		m, err = cloudInit(text)
	case bytes.HasPrefix(text, []byte("{")):
		m, err = ignition(text)
	case bytes.HasPrefix(text, []byte("variant: ")):
		m, err = butane(text)
	default:
		return m, errors.New("is neither cloud-init's user-data nor an Ignition or Butane config")
	}
	err = cmp.Or(err, m.sortFiles())
	slices.Sort(m.Enabled)
	slices.Sort(m.Masked)
	return m, err
}

// unpacked undoes the encoding of user-data.
func unpacked(document []byte) ([]byte, error) {
	if packed, err := base64.StdEncoding.DecodeString(string(document)); err == nil && isGzip(packed) {
		document = packed
	}
	if isGzip(document) {
		return gunzip(document)
	}
	return document, nil
}

func isGzip(data []byte) bool { return bytes.HasPrefix(data, []byte("\x1f\x8b")) }

func gunzip(packed []byte) ([]byte, error) {
	damaged := errors.New("holds damaged gzip")
	r, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, damaged
	}
	data, err := io.ReadAll(io.LimitReader(r, maxUnpacked+1))
	switch {
	case err != nil:
		return nil, damaged
	case len(data) > maxUnpacked:
		return nil, errTooLarge
	}
	return data, nil
}

// unitPath is where a unit's file is.
func unitPath(name string) string { return "/etc/systemd/system/" + name }
