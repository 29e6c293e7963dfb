package store

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
)

// archive has the files of a PKI by their names. It is only read.
type archive map[string][]byte

// maxArchive is that of an archive in bytes, unpacked. Ten thousand machines have some 40 MB.
const maxArchive = 256 << 20

var (
	errReadOnly    = errors.New("is an archive and can only be read; unpack it, and name the directory with --pki")
	errNoArchive   = errors.New("is not a tar archive, with gzip or without")
	errCutShort    = errors.New("is damaged, or was cut short")
	errHuge        = fmt.Errorf("has more than %d MiB", maxArchive>>20)
	errArchiveLink = errors.New("is a link, and not a file; tar --dereference archives files in the place of links")
)

// OpenArchive reads a PKI from a tar archive, with gzip or without. It may be of a directory or of what is in it.
func OpenArchive(name string, r io.Reader, identities *Identities) (*PKI, error) {
	data, err := unzip(r)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	files, err := unpack(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return &PKI{name: name, files: files, identities: identities}, nil
}

// unzip reads all, and takes gzip off.
func unzip(r io.Reader) ([]byte, error) {
	data, err := readAll(r)
	if err != nil || !bytes.HasPrefix(data, []byte{0x1f, 0x8b}) {
		return data, err
	}
	zipped, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return nil, errCutShort
	}
	if data, err = readAll(zipped); err != nil && !errors.Is(err, errHuge) {
		return nil, errCutShort
	}
	return data, err
}

func readAll(r io.Reader) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxArchive+1))
	if err == nil && len(data) > maxArchive {
		err = errHuge
	}
	return data, err
}

func unpack(data []byte) (archive, error) {
	files := archive{}
	for r := tar.NewReader(bytes.NewReader(data)); ; {
		header, err := r.Next()
		switch {
		case errors.Is(err, io.EOF):
			// The reader takes the end of the data for the end of the archive, which is two blocks of zeros.
			if !bytes.HasSuffix(data, make([]byte, 1024)) {
				return nil, errCutShort
			}
			return files.below(), nil
		case err != nil && len(files) == 0:
			return nil, errNoArchive
		case err != nil:
			return nil, errCutShort
		}
		name := path.Clean(strings.TrimLeft(header.Name, "/"))
		switch header.Typeflag {
		case tar.TypeDir, tar.TypeXGlobalHeader:
			continue
		case tar.TypeReg:
		default:
			return nil, fmt.Errorf("%s: %w", name, errArchiveLink)
		}
		if header.Size > maxSize {
			return nil, fmt.Errorf("%s: %w", name, errTooLong)
		}
		if files[name], err = io.ReadAll(r); err != nil {
			return nil, errCutShort
		}
	}
}

// below are the files below the PKI's own directory, which has the shortest path to a ca.crt.
func (a archive) below() archive {
	dir := ""
	for name := range a {
		if at, base := path.Split(name); base == "ca.crt" && (dir == "" || len(at) < len(dir)) {
			if dir = at; dir == "" {
				return a
			}
		}
	}
	files := archive{}
	for name, data := range a {
		if name, ok := strings.CutPrefix(name, dir); ok {
			files[name] = data
		}
	}
	return files
}

// Read returns the content of a file.
func (a archive) Read(name string) ([]byte, error) {
	data, ok := a[name]
	if !ok {
		return nil, &fs.PathError{Op: "read", Path: name, Err: fs.ErrNotExist}
	}
	return data, nil
}

// Names lists all files, hidden ones left out.
func (a archive) Names() ([]string, error) {
	return slices.DeleteFunc(slices.Sorted(maps.Keys(a)), func(name string) bool { return strings.HasPrefix(path.Base(name), ".") }), nil
}

// Lock fails.
func (a archive) Lock() (unlock func(), err error) { return nil, errReadOnly }

// Add fails.
func (a archive) Add(map[string][]byte) error { return errReadOnly }

// Replace fails.
func (a archive) Replace(map[string][]byte) error { return errReadOnly }

// Remove fails.
func (a archive) Remove([]string) error { return errReadOnly }

// Permissions finds nothing: an archive on its way has none.
func (a archive) Permissions([]string) ([]string, error) { return nil, nil }
