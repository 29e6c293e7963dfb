package spec

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"path"
	"strings"

	"kindling/generator/internal/manifest"
	"kindling/generator/internal/yamlfile"
)

// readLocal returns a local file that a field names. Without one it reports that.
func (c *checker) readLocal(p yamlfile.Path, name string) ([]byte, bool) {
	data, err := fs.ReadFile(c.local.Files, name)
	if err != nil {
		c.Errorf(p, "%s %s", yamlfile.Quote(name), localFault(err))
	}
	return data, err == nil
}

// localFault says why a file cannot be read.
func localFault(err error) string {
	var of *fs.PathError
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "does not exist; paths begin at the directory of cluster.yaml"
	case errors.As(err, &of):
		return "cannot be read: " + of.Err.Error()
	}
	return "cannot be read: " + err.Error()
}

// eachFault reports what errors.Join has put together, one by one.
func (c *checker) eachFault(p yamlfile.Path, name string, err error) {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		for _, err := range joined.Unwrap() {
			c.eachFault(p, name, err)
		}
	} else if err != nil {
		c.Errorf(p, "%s: %v", yamlfile.Quote(name), err)
	}
}

// checkLocalManifest reads a manifest and holds it against its sum and kubectl's rules.
func (c *checker) checkLocalManifest(p yamlfile.Path, m *Manifest) {
	if c.local.Files == nil || m.Kind() != LocalManifest {
		return
	}
	data, ok := c.readLocal(p.With("manifest"), m.Manifest)
	if !ok {
		return
	}
	m.data = data
	if sum := sha256.Sum256(data); sha256Form.MatchString(m.SHA256) && hex.EncodeToString(sum[:]) != m.SHA256 {
		c.Errorf(p.With("sha256"), "%s has the SHA-256 %x", yamlfile.Quote(m.Manifest), sum)
	}
	c.eachFault(p.With("manifest"), m.Manifest, manifest.Check(data))
}

// checkPatches reads the directory of patches with kubeadm's rules.
func (c *checker) checkPatches() {
	p, directory := at("patches", "directory"), c.Patches.Directory
	if !c.Has(p) {
		return
	}
	if strings.TrimSpace(directory) == "" {
		c.Errorf(p, "is empty; name a directory of kubeadm patches, or remove patches")
		return
	}
	if c.local.Files == nil {
		return
	}
	entries, err := fs.ReadDir(c.local.Files, directory)
	if err != nil {
		c.Errorf(p, "%s %s", yamlfile.Quote(directory), localFault(err))
		return
	}
	var foreign []string
	for _, e := range entries {
		name := path.Join(directory, e.Name())
		if e.IsDir() {
			if !strings.HasPrefix(e.Name(), ".") {
				c.Errorf(p, "%s is a directory; put its patches into %s itself", yamlfile.Quote(name), directory)
			}
			continue
		}
		patch, err := manifest.ReadPatchName(e.Name(), c.Version())
		if errors.Is(err, manifest.ErrForeign) {
			foreign = append(foreign, e.Name())
			continue
		} else if err != nil && c.Sound("kubernetesVersion") {
			c.Errorf(p, "%s: %v", yamlfile.Quote(name), err)
			continue
		}
		if data, ok := c.readLocal(p, name); ok {
			c.Patches.files = append(c.Patches.files, LocalFile{e.Name(), data})
			c.eachFault(p, name, manifest.CheckPatch(patch, data))
		}
	}
	switch {
	case len(foreign) > 0:
		c.Warnf(p, "no patches of kubeadm, left out: %s", strings.Join(foreign, ", "))
	case len(entries) == 0:
		c.Warnf(p, "%s has no patches in it", yamlfile.Quote(directory))
	}
}
