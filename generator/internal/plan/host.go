package plan

import (
	"kindling/generator/internal/plan/part"
	"kindling/templates/step"
)

// host is what kubelet, kubeadm's preflight and the pod network need of the kernel.
func host() part.Part {
	return part.Part{Steps: []step.Step{step.Host}, Shell: []string{"boot/host.sh"}, Programs: []string{"modprobe", "sysctl"}}
}

// keepsSwap is for machines whose kubelet goes with swap, which the step host would turn off.
func keepsSwap(m machine) part.Part {
	if !m.cluster.KeepsSwap(m.Node) {
		return part.Part{}
	}
	return part.Part{Shell: []string{"boot/swap.sh"}}
}
