package document

import (
	"fmt"
	"io/fs"
	"strconv"

	"go.yaml.in/yaml/v4"
)

type writeFile struct{ Path, Content, Encoding, Permissions string }

func cloudInit(userData []byte) ([]File, error) {
	var document struct {
		WriteFiles []writeFile `yaml:"write_files"`
	}
	if err := yaml.Unmarshal(userData, &document); err != nil {
		return nil, fmt.Errorf("user-data: %w", err)
	}
	var files []File
	for _, entry := range document.WriteFiles {
		file, err := entry.file()
		if err != nil {
			return nil, fmt.Errorf("user-data: %s: %w", entry.Path, err)
		}
		files = append(files, file)
	}
	return files, nil
}

func (w writeFile) file() (File, error) {
	file := File{w.Path, defaultMode, []byte(w.Content)}
	if w.Permissions != "" {
		mode, err := strconv.ParseUint(w.Permissions, 8, 32)
		if err != nil {
			return file, err
		}
		file.Mode = fs.FileMode(mode)
	}
	var err error
	switch w.Encoding {
	case "":
	case "b64":
		file.Content, err = decodeBase64(file.Content)
	case "gz+b64":
		if file.Content, err = decodeBase64(file.Content); err == nil {
			file.Content, err = gunzip(file.Content)
		}
	default:
		err = fmt.Errorf("unknown encoding %q", w.Encoding)
	}
	return file, err
}
