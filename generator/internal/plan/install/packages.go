package install

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"kindling/generator/internal/node"
	"kindling/generator/internal/plan/part"
	"kindling/generator/lock"
	"kindling/generator/spec"
	"kindling/templates/step"
)

// packages are those of Kubernetes' community, from the repository and in the versions that kindling.lock pins, and the operating
// system's own containerd. Where it has none, that and runc are among the [Downloads].
func packages(c *spec.Cluster, n spec.Node, pinned *lock.Lock) part.Part {
	wanted := lock.Packages(c, n)
	if wanted.URL == "" {
		return part.Part{}
	}
	repository := pinned.Repository(wanted.URL)
	var (
		words []string
		errs  []error
	)
	if own := n.System().Containerd; own != "" {
		words = append(words, own)
	}
	for _, name := range slices.Sorted(maps.Keys(wanted.Packages)) {
		version, ok := repository.Packages[name]
		if !ok {
			errs = append(errs, fmt.Errorf("%s does not pin %s of %s: run kindling lock", lock.FileName, name, wanted.URL))
		}
		words = append(words, name+"="+version)
	}
	return part.Part{
		Steps:    []step.Step{step.Install},
		Shell:    []string{"install/packages.sh", "install/key.sh", "install/containerd.sh", "install/" + wanted.Form() + ".sh"},
		Programs: needed(c, "curl", "iptables"),
		Env: map[string]string{
			"IMAGE_REPOSITORY": c.ImageRepository,
			"PACKAGES":         strings.Join(words, " "),
			"REPOSITORY":       lock.Mirror(c.Mirrors, wanted.URL),
			"REPOSITORY_KEY":   repository.Key,
		},
		Files: []node.File{containerdConfig()},
		Err:   errors.Join(errs...),
	}
}

// needed are these programs, and those that kubeadm insists on.
func needed(c *spec.Cluster, programs ...string) []string {
	if c.Version().NeedsConntrack() {
		programs = append(programs, "conntrack")
	}
	return programs
}
