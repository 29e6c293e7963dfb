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
)

// Downloads are the files that the machine fetches from their publishers, each held against its sum in kindling.lock. containerd is
// always one of them.
func Downloads(c *spec.Cluster, n spec.Node, pinned *lock.Lock) part.Part {
	needs := lock.Needs(c, n)
	if len(needs) == 0 {
		return part.Part{}
	}
	list, err := downloads(c.Mirrors, needs, pinned)
	return part.Part{
		Shell:    []string{"install/downloads.sh"},
		Programs: []string{"curl", "tar"},
		Env:      map[string]string{"BIN": n.System().Bin},
		Files:    []node.File{node.Public(part.Etc+"/downloads", list), unit(n, "containerd.service")},
		Err:      err,
	}
}

// downloads has a line for each program: its SHA-256 for each of [lock.Architectures], and the URL with @ in the place of the
// architecture. What is not pinned is one error.
func downloads(mirrors map[string]string, needs []lock.Item, pinned *lock.Lock) ([]byte, error) {
	var (
		list strings.Builder
		errs []error
	)
	for _, item := range needs {
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
		fmt.Fprintln(&list, "", lock.Mirror(mirrors, url))
	}
	return []byte(list.String()), errors.Join(errs...)
}

// unit is one of a program that no package brings.
func unit(n spec.Node, name string) node.File {
	return node.Public("/etc/systemd/system/"+name, []byte(strings.ReplaceAll(templates.Unit(name), "@BIN@", n.System().Bin)))
}

func containerdConfig() node.File {
	return node.Public(part.Etc+"/containerd.toml", []byte(templates.ContainerdConfig()))
}
