package plan

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"path"

	"kindling/generator/internal/node"
	"kindling/generator/internal/plan/part"
	"kindling/generator/lock"
	"kindling/generator/spec"
)

const patchesDirectory = part.Etc + "/patches"

// localFiles are the files beside cluster.yaml that the spec names, and those that it has the content of.
type localFiles struct {
	patches, extra []node.File
	// nodes have files of their own, by the names of the nodes.
	nodes map[string][]node.File
	// manifests are for the machine; manifestLines name them and those that the machine fetches.
	manifests     []node.File
	manifestLines []string
	// authorities are the CA files of registries, by host.
	authorities map[string][]byte
	// pinned is kindling.lock.
	pinned *lock.Lock
}

func readLocalFiles(c *spec.Cluster, dir fs.FS) (local localFiles, err error) {
	if local.patches, err = patchFiles(c.Patches.Directory, dir); err != nil {
		return local, err
	}
	if local.extra, err = extraFiles("extraFiles", c.ExtraFiles, dir); err != nil {
		return local, err
	}
	local.nodes = map[string][]node.File{}
	for i, n := range c.Nodes {
		if len(n.ExtraFiles) == 0 {
			continue
		}
		if local.nodes[n.Name], err = extraFiles(fmt.Sprintf("nodes[%d].extraFiles", i), n.ExtraFiles, dir); err != nil {
			return local, err
		}
	}
	if local.authorities, err = registryAuthorities(c, dir); err != nil {
		return local, err
	}
	if local.pinned, err = readLock(dir); err != nil {
		return local, err
	}
	return local, local.readManifests(c, dir)
}

// readLock reads kindling.lock. A cluster without downloads has none.
func readLock(dir fs.FS) (*lock.Lock, error) {
	text, err := fs.ReadFile(dir, lock.FileName)
	if errors.Is(err, fs.ErrNotExist) {
		return lock.New(nil, nil, nil), nil
	} else if err != nil {
		return nil, err
	}
	return lock.Parse(text)
}

// userFiles are the spec's own files for this machine.
func userFiles(m machine) part.Part {
	p := part.Part{Files: append(m.local.patches[:len(m.local.patches):len(m.local.patches)], m.local.extra...)}
	p.Files = append(p.Files, m.local.nodes[m.Name]...)
	return p
}

// packedFrom is the size in bytes from which a user's file travels compressed.
const packedFrom = 1024

func extraFiles(field string, list []spec.File, dir fs.FS) ([]node.File, error) {
	var files []node.File
	for i, f := range list {
		content := []byte(f.Content)
		if f.Source != "" {
			var err error
			if content, err = fs.ReadFile(dir, f.Source); err != nil {
				return nil, fmt.Errorf("%s[%d].source: %w", field, i, err)
			}
		}
		file := node.File{Path: f.Path, Mode: f.Perm(), Content: content, Secret: f.Perm()&0o077 == 0}
		if len(content) > packedFrom {
			file = file.Packed()
		}
		files = append(files, file)
	}
	return files, nil
}

// patchFiles reads the directory of kubeadm patches.
func patchFiles(directory string, dir fs.FS) ([]node.File, error) {
	if directory == "" {
		return nil, nil
	}
	entries, err := fs.ReadDir(dir, directory)
	if err != nil {
		return nil, fmt.Errorf("patches.directory: %w", err)
	}
	var files []node.File
	for _, e := range entries {
		content, err := fs.ReadFile(dir, path.Join(directory, e.Name()))
		if err != nil {
			return nil, fmt.Errorf("patches.directory: %w", err)
		}
		files = append(files, node.Public(patchesDirectory+"/"+e.Name(), content))
	}
	return files, nil
}

func (l *localFiles) readManifests(c *spec.Cluster, dir fs.FS) error {
	if c.CNI.Kind() != spec.NoManifest {
		if err := l.readManifest(c, "cni.manifest", 0, c.CNI, dir); err != nil {
			return err
		}
	}
	for i, m := range c.Addons {
		if err := l.readManifest(c, fmt.Sprintf("addons[%d].manifest", i), i+1, m, dir); err != nil {
			return err
		}
	}
	return nil
}

func (l *localFiles) readManifest(c *spec.Cluster, field string, number int, m spec.Manifest, dir fs.FS) error {
	if m.Kind() == spec.RemoteManifest {
		pinned, ok := l.pinned.Manifest(m.Manifest)
		if !ok && m.SHA256 == "" {
			return fmt.Errorf("%s: %s does not pin %s: run kindling lock", field, lock.FileName, m.Manifest)
		}
		l.manifestLines = append(l.manifestLines, lock.Mirror(c.Mirrors, m.Manifest)+" "+cmp.Or(m.SHA256, pinned.SHA256))
		return nil
	}
	content, err := fs.ReadFile(dir, m.Manifest)
	if err != nil {
		return fmt.Errorf("%s: %w", field, err)
	}
	if sum := sha256.Sum256(content); m.SHA256 != "" && hex.EncodeToString(sum[:]) != m.SHA256 {
		return fmt.Errorf("%s: the SHA-256 of %s is %x, not the sha256 of cluster.yaml", field, m.Manifest, sum)
	}
	file := node.Public(fmt.Sprintf("%s/manifests.d/%02d-%s", part.Etc, number, path.Base(m.Manifest)), content).Packed()
	l.manifests = append(l.manifests, file)
	l.manifestLines = append(l.manifestLines, file.Path)
	return nil
}
