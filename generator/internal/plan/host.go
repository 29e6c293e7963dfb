package plan

import (
	"kindling/generator/internal/plan/part"
	"kindling/templates/step"
)

// host is what kubelet, kubeadm's preflight and the pod network need of the kernel.
func host() part.Part {
	return part.Part{Steps: []step.Step{step.Host}, Shell: []string{"boot/host.sh"}, Programs: []string{"modprobe", "sysctl"}}
}
