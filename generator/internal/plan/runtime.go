package plan

import (
	"kindling/generator/internal/plan/part"
	"kindling/templates/step"
)

// runtime checks the programs and containerd's configuration, and starts containerd.
func runtime(m machine) part.Part {
	p := part.Part{
		Steps: []step.Step{step.Runtime}, Shell: []string{"boot/cause.sh", "boot/runtime.sh"},
		Programs: []string{"kubeadm", "kubelet", "containerd", "ctr"},
	}
	if m.cluster.Version().NeedsCrictl() {
		p.Programs = append(p.Programs, "crictl")
	}
	return p
}
