package rig

import (
	"archive/tar"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"os"
)

// An image is a container image.
type image struct {
	tag        string
	entrypoint []string
	layers     [][]byte // tar archives, the lowest first
}

// imageConfig is the part of the OCI image configuration that is needed.
type imageConfig struct {
	Architecture string `json:"architecture"`
	OS           string `json:"os"`
	Config       struct {
		Env        []string `json:"Env"`
		Entrypoint []string `json:"Entrypoint,omitempty"`
	} `json:"config"`
	RootFS struct {
		Type    string   `json:"type"`
		DiffIDs []string `json:"diff_ids"`
	} `json:"rootfs"`
}

// archiveEntry is one image in the manifest of an archive as `docker save` writes it.
type archiveEntry struct {
	Config   string
	RepoTags []string
	Layers   []string
}

// writeImages writes an archive that `ctr images import` reads.
func writeImages(w io.Writer, images []image) error {
	archive := tar.NewWriter(w)
	var manifest []archiveEntry
	written := map[string]bool{}
	write := func(content []byte, suffix string) (string, error) {
		name := digest(content) + suffix
		if written[name] {
			return name, nil
		}
		written[name] = true
		return name, writeFile(archive, name, 0o644, content)
	}
	for _, image := range images {
		entry := archiveEntry{RepoTags: []string{image.tag}}
		for _, layer := range image.layers {
			name, err := write(layer, ".tar")
			if err != nil {
				return err
			}
			entry.Layers = append(entry.Layers, name)
		}
		config, err := json.Marshal(image.config())
		if err != nil {
			return err
		}
		if entry.Config, err = write(config, ".json"); err != nil {
			return err
		}
		manifest = append(manifest, entry)
	}
	text, err := json.Marshal(manifest)
	if err != nil {
		return err
	}
	if err := writeFile(archive, "manifest.json", 0o644, text); err != nil {
		return err
	}
	return archive.Close()
}

func (i image) config() imageConfig {
	config := imageConfig{Architecture: "amd64", OS: "linux"}
	config.Config.Env = []string{"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"}
	config.Config.Entrypoint = i.entrypoint
	config.RootFS.Type = "layers"
	for _, layer := range i.layers {
		config.RootFS.DiffIDs = append(config.RootFS.DiffIDs, "sha256:"+digest(layer))
	}
	return config
}

// programLayer returns a layer with programs of the host in /usr/local/bin, by the name that they get there.
func programLayer(programs map[string]string) ([]byte, error) {
	var layer bytes.Buffer
	archive := tar.NewWriter(&layer)
	for name, program := range programs {
		content, err := os.ReadFile(program)
		if err != nil {
			return nil, err
		}
		if err := writeFile(archive, "usr/local/bin/"+name, 0o755, content); err != nil {
			return nil, err
		}
	}
	return layer.Bytes(), archive.Close()
}

func writeFile(archive *tar.Writer, name string, mode int64, content []byte) error {
	if err := archive.WriteHeader(&tar.Header{Name: name, Mode: mode, Size: int64(len(content))}); err != nil {
		return err
	}
	_, err := archive.Write(content)
	return err
}

func digest(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}
