package read

import (
	"archive/tar"
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
)

// With returns the machine with the files of its secret part as well.
func (m Machine) With(part []byte) (Machine, error) {
	files, err := secretPart(part)
	if err != nil {
		return m, err
	}
	m.Files = slices.Concat(m.Files, files)
	return m, m.sortFiles()
}

// sortFiles sorts the files by their paths. The error names one that is there twice.
func (m *Machine) sortFiles() error {
	slices.SortFunc(m.Files, func(a, b File) int { return cmp.Compare(a.Path, b.Path) })
	for i := 1; i < len(m.Files); i++ {
		if path := m.Files[i].Path; path == m.Files[i-1].Path {
			return fmt.Errorf("has %s twice", path)
		}
	}
	return nil
}

func secretPart(part []byte) ([]File, error) {
	archive, err := gunzip(part)
	if err != nil {
		return nil, err
	}
	var files []File
	for r := tar.NewReader(bytes.NewReader(archive)); ; {
		header, err := r.Next()
		if errors.Is(err, io.EOF) {
			return files, nil
		}
		if err != nil || header.Typeflag != tar.TypeReg || path.Clean("/"+header.Name) != "/"+header.Name {
			return nil, errors.New("is not an archive of files")
		}
		content, err := io.ReadAll(r)
		if err != nil {
			return nil, errors.New("is not an archive of files")
		}
		files = append(files, File{"/" + header.Name, int(header.Mode), content})
	}
}
