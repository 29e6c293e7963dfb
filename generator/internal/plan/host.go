package plan

import (
	"strings"

	"kindling/generator/internal/plan/part"
	"kindling/generator/spec"
	"kindling/templates/step"
)

// host is what kubelet, kubeadm's preflight and the pod network need of the kernel.
func host() part.Part {
	return part.Part{Steps: []step.Step{step.Host}, Shell: []string{"boot/host.sh"}, Programs: []string{"modprobe", "sysctl"}}
}

// metadataService keeps pods from the document that the cloud gives to whoever asks.
func metadataService(m machine) part.Part {
	var addresses []string
	for _, address := range m.cluster.MetadataAddresses {
		family := "."
		if strings.Contains(address, ":") {
			family = ":"
		}
		// Pods reach nothing of a family that they do not have, and the machine's kernel may not have it either.
		if strings.Contains(m.cluster.Networking.PodSubnet, family) {
			addresses = append(addresses, address)
		}
	}
	if m.Role == spec.EtcdMember || len(addresses) == 0 {
		return part.Part{}
	}
	return part.Part{
		Steps: []step.Step{step.MetadataService}, Shell: []string{"boot/metadata-service.sh"},
		Env: map[string]string{"METADATA": strings.Join(addresses, " ")},
	}
}

// keepsSwap is for machines whose kubelet goes with swap, which the step host would turn off.
func keepsSwap(m machine) part.Part {
	if !m.cluster.KeepsSwap(m.Node) {
		return part.Part{}
	}
	return part.Part{Shell: []string{"boot/swap.sh"}}
}
