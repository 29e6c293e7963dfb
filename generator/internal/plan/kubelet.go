package plan

import (
	"kindling/generator/internal/kubeadm"
	"kindling/generator/internal/node"
	"kindling/generator/internal/plan/part"
	"kindling/templates/step"
)

// standaloneKubelet runs etcd's static pod on a machine that is no Node.
func standaloneKubelet() part.Part {
	config, err := kubeadm.StandaloneKubelet()
	return part.Part{
		Steps: []step.Step{step.Kubelet}, Shell: []string{"boot/kubelet.sh"},
		Files: []node.File{node.Public(part.Etc+"/kubelet.yaml", config)},
		Err:   err,
	}
}
