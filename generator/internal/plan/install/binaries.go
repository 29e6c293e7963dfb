package install

import (
	"kindling/generator/internal/node"
	"kindling/generator/internal/plan/part"
	"kindling/generator/lock"
	"kindling/generator/spec"
	"kindling/templates/step"
)

// binaries are the files that the publishers have released, see [Downloads]. The operating system brings the rest.
func binaries(c *spec.Cluster, n spec.Node, _ *lock.Lock) part.Part {
	return part.Part{
		Steps: []step.Step{step.Install}, Shell: []string{"install/binaries.sh", "install/containerd.sh"}, Programs: needed(c, "curl", "iptables", "tar"),
		Env:   map[string]string{"IMAGE_REPOSITORY": c.ImageRepository},
		Files: []node.File{containerdConfig(), unit(n, "kubelet.service")},
	}
}
