package install

import (
	"kindling/generator/internal/node"
	"kindling/generator/internal/plan/part"
	"kindling/generator/lock"
	"kindling/generator/spec"
	"kindling/templates/step"
)

// sysext is the system extension with the programs of Kubernetes (systemd-sysext(8)), see [Downloads], and the operating system's own
// containerd.
func sysext(c *spec.Cluster, n spec.Node, _ *lock.Lock) part.Part {
	return part.Part{
		Steps: []step.Step{step.Install}, Shell: []string{"install/sysext.sh", "install/containerd.sh"}, Programs: needed(c, "curl", "iptables", "systemd-sysext"),
		Env: map[string]string{"IMAGE_REPOSITORY": c.ImageRepository},
		Files: []node.File{
			containerdConfig(),
			node.Public("/etc/systemd/system/containerd.service.d/10-kindling.conf", []byte("[Service]\nExecStart=\nExecStart=/usr/bin/containerd --config /etc/containerd/config.toml\n")),
		},
	}
}
