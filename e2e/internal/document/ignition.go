package document

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"net/url"
	"strings"
)

type ignitionConfig struct {
	Ignition struct {
		Config struct{ Merge []resource }
	}
	Storage struct {
		Files []struct {
			Path     string
			Mode     *int
			Contents resource
		}
	}
	Systemd struct {
		Units []struct {
			Name, Contents string
			Dropins        []struct{ Name, Contents string }
		}
	}
}

// ignition returns the config's files, and then those of the configs that it merges.
func ignition(document []byte) ([]File, error) {
	var config ignitionConfig
	if err := json.Unmarshal(document, &config); err != nil {
		return nil, fmt.Errorf("Ignition config: %w", err)
	}
	var files []File
	for _, entry := range config.Storage.Files {
		file := File{Path: entry.Path, Mode: defaultMode}
		if entry.Mode != nil {
			file.Mode = fs.FileMode(*entry.Mode)
		}
		var err error
		if file.Content, err = entry.Contents.content(); err != nil {
			return nil, fmt.Errorf("Ignition config: %s: %w", entry.Path, err)
		}
		files = append(files, file)
	}
	for _, unit := range config.Systemd.Units {
		if unit.Contents != "" {
			files = append(files, File{units + unit.Name, defaultMode, []byte(unit.Contents)})
		}
		for _, dropin := range unit.Dropins {
			files = append(files, File{units + unit.Name + ".d/" + dropin.Name, defaultMode, []byte(dropin.Contents)})
		}
	}
	for _, merge := range config.Ignition.Config.Merge {
		content, err := merge.content()
		if err != nil {
			return nil, fmt.Errorf("Ignition config to merge: %w", err)
		}
		merged, err := ignition(content)
		if err != nil {
			return nil, err
		}
		files = append(files, merged...)
	}
	return files, nil
}

// A resource is something that Ignition fetches: the content of a file, or a whole config.
type resource struct{ Source, Compression string }

func (r resource) content() ([]byte, error) {
	content, err := decodeURL(r.Source)
	if err == nil && r.Compression == "gzip" {
		return gunzip(content)
	}
	return content, err
}

// decodeURL returns what a data URL holds (RFC 2397).
func decodeURL(source string) ([]byte, error) {
	rest, ok := strings.CutPrefix(source, "data:")
	kind, data, found := strings.Cut(rest, ",")
	if !ok || !found {
		return nil, fmt.Errorf("%.20q is not a data URL", source)
	}
	if strings.HasSuffix(kind, ";base64") {
		return decodeBase64([]byte(data))
	}
	text, err := url.PathUnescape(data)
	return []byte(text), err
}
