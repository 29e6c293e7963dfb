package plan

import (
	"cmp"
	"fmt"
	"slices"

	"kindling/generator/internal/node"
	"kindling/generator/internal/plan/part"
	"kindling/generator/lock"
	"kindling/generator/spec"
)

const (
	patchesDirectory   = part.Etc + "/patches"
	manifestsDirectory = part.Etc + "/manifests.d"
	stepsDirectory     = part.Etc + "/steps"
)

// localFiles are what the spec brings from beside cluster.yaml, as files of machines.
type localFiles struct {
	// everywhere are those of every machine, and extra those of a role.
	everywhere []node.File
	extra      map[string][]node.File
	// manifests are for the machine; manifestLines name them and those that the machine fetches.
	manifests     []node.File
	manifestLines []string
	// pinned is kindling.lock.
	pinned *lock.Lock
}

func newLocalFiles(c *spec.Cluster, pinned *lock.Lock) (local localFiles, err error) {
	local.pinned = pinned
	for _, f := range c.Patches.Files() {
		local.everywhere = append(local.everywhere, node.Public(patchesDirectory+"/"+f.Name, f.Data))
	}
	local.extra = map[string][]node.File{}
	for _, role := range []string{spec.ControlPlane, spec.Worker, spec.EtcdMember, spec.LoadBalance} {
		others := func(f spec.File) bool { return !f.For(role) }
		local.extra[role] = extraFiles(slices.DeleteFunc(slices.Clone(c.ExtraFiles), others))
	}
	for _, s := range c.ExtraSteps {
		local.everywhere = append(local.everywhere, node.Public(stepsDirectory+"/"+s.Name+".sh", []byte(s.Script)))
	}
	if c.CNI.Kind() != spec.NoManifest {
		if err := local.addManifest(c, "cni.manifest", "cni", c.CNI); err != nil {
			return local, err
		}
	}
	for i, m := range c.Addons {
		if err := local.addManifest(c, fmt.Sprintf("addons[%d].manifest", i), fmt.Sprintf("addon-%02d", i+1), m); err != nil {
			return local, err
		}
	}
	return local, nil
}

// userFiles are the spec's own files for this machine.
func userFiles(m machine) part.Part {
	return part.Part{Files: slices.Concat(m.local.everywhere, m.local.extra[m.Role], extraFiles(m.ExtraFiles))}
}

// packedFrom is the size in bytes from which a user's file travels compressed.
const packedFrom = 1024

func extraFiles(list []spec.File) []node.File {
	var files []node.File
	for _, f := range list {
		file := node.File{Path: f.Path, Mode: f.Perm(), Owner: f.OwnerExceptRoot(), Content: f.Data(), Secret: f.Perm()&0o004 == 0}
		if len(file.Content) > packedFrom {
			file = file.Packed()
		}
		files = append(files, file)
	}
	return files
}

// addManifest adds a line for the machine's list, and the file of a local manifest.
func (l *localFiles) addManifest(c *spec.Cluster, field, name string, m spec.Manifest) error {
	if m.Kind() == spec.RemoteManifest {
		pinned, ok := l.pinned.Manifest(m.Manifest)
		if !ok && m.SHA256 == "" {
			return fmt.Errorf("%s: %s does not pin %s: run kindling lock", field, lock.FileName, m.Manifest)
		}
		l.manifestLines = append(l.manifestLines, lock.Mirror(c.Mirrors, m.Manifest)+" "+cmp.Or(m.SHA256, pinned.SHA256))
		return nil
	}
	file := node.Public(manifestsDirectory+"/"+name+".yaml", m.Data()).Packed()
	l.manifests = append(l.manifests, file)
	l.manifestLines = append(l.manifestLines, file.Path)
	return nil
}
