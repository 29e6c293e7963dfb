package install

import (
	"errors"
	"fmt"
	"strings"

	"kindling/generator/internal/node"
	"kindling/generator/internal/plan/part"
	"kindling/generator/lock"
	"kindling/generator/spec"
	"kindling/templates"
	"kindling/templates/step"
)

// binaries are the files that the publishers have released, each held against its sum in kindling.lock. The operating system brings
// the rest.
func binaries(c *spec.Cluster, n spec.Node, pinned *lock.Lock) part.Part {
	bin := n.System().Bin
	unit := func(name string) node.File {
		return node.Public("/etc/systemd/system/"+name, []byte(strings.ReplaceAll(templates.Unit(name), "@BIN@", bin)))
	}
	list, err := downloads(c, n, pinned)
	return part.Part{
		Steps: []step.Step{step.Install}, Shell: []string{"install/binaries.sh", "install/containerd.sh"}, Programs: needed(c, "curl", "iptables", "tar"),
		Env: map[string]string{"BIN": bin, "IMAGE_REPOSITORY": c.ImageRepository},
		Files: []node.File{
			node.Public(part.Etc+"/downloads", list),
			node.Public(part.Etc+"/containerd.toml", []byte(templates.ContainerdConfig())),
			unit("containerd.service"), unit("kubelet.service"),
		},
		Err: err,
	}
}

// downloads has a line for each program: its SHA-256 for each of [lock.Architectures], and the URL with @ in the place of the
// architecture. What is not pinned is one error.
func downloads(c *spec.Cluster, n spec.Node, pinned *lock.Lock) ([]byte, error) {
	var (
		list strings.Builder
		errs []error
	)
	for _, item := range lock.Needs(c, n) {
		list.WriteString(item.Program)
		var url string
		for _, item.Arch = range lock.Architectures {
			d, ok := pinned.Find(item)
			if !ok {
				errs = append(errs, fmt.Errorf("%s does not pin %s: run kindling lock", lock.FileName, item))
			}
			list.WriteString(" " + d.SHA256)
			url = strings.ReplaceAll(d.URL, item.Arch, "@")
		}
		fmt.Fprintln(&list, "", lock.Mirror(c.Mirrors, url))
	}
	return []byte(list.String()), errors.Join(errs...)
}
