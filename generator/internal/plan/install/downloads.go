package install

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"kindling/generator/internal/node"
	"kindling/generator/internal/plan/part"
	"kindling/generator/lock"
	"kindling/generator/spec"
	"kindling/templates"
)

// Downloads are the files that the machine fetches from their publishers, each held against its sum in kindling.lock. containerd is
// one of them where the operating system has none.
func Downloads(c *spec.Cluster, n spec.Node, pinned *lock.Lock) part.Part {
	needs := lock.Needs(c, n)
	if len(needs) == 0 {
		return part.Part{}
	}
	list, err := downloads(c.Mirrors, needs, pinned)
	p := part.Part{
		Shell:    []string{"install/downloads.sh"},
		Programs: []string{"curl", "tar"},
		Env:      map[string]string{"BIN": n.System().Bin},
		Files:    []node.File{node.Public(part.Etc+"/downloads", list)},
		Err:      err,
	}
	if slices.ContainsFunc(needs, func(i lock.Item) bool { return i.Program == "containerd" }) {
		p.Files = append(p.Files, unit(n, "containerd.service"))
	}
	return p
}

// archMarks stand for the architecture in a URL: ^ for systemd's word for it, and @ for Go's.
var archMarks = strings.NewReplacer("x86-64", "^", "amd64", "@")

// downloads has a line for each program: its SHA-256 for each of [lock.Architectures], and the URL with a mark in the place of the
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
			url = cmp.Or(url, archMarks.Replace(d.URL)) // of the first, amd64
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
