package plan

import (
	"cmp"

	"kindling/generator/internal/node"
	"kindling/generator/internal/plan/part"
	"kindling/generator/internal/staticpod"
	"kindling/templates/step"
)

// kubeVIP is the static pod that holds the virtual IP on one of the control planes. The machine puts the name of its interface
// into the manifest.
func kubeVIP(m machine) part.Part {
	if !m.cluster.UsesKubeVIP() {
		return part.Part{}
	}
	address := m.cluster.VirtualIP()
	pod, err := staticpod.KubeVIP(staticpod.KubeVIPConfig{
		Image:        cmp.Or(m.cluster.Images.KubeVIP, staticpod.KubeVIPImage),
		NodeName:     m.Name,
		Address:      address.String(),
		PrefixLength: address.BitLen(),
		Port:         m.cluster.LoadBalancer.Port,
		Interface:    "@INTERFACE@",
		APIServer:    urlHost(m.Node) + ":6443",
		Kubeconfig:   "/etc/kubernetes/kube-vip.conf",
	})
	return part.Part{
		Steps: []step.Step{step.KubeVIP}, Shell: []string{"loadbalancer/kube-vip.sh", "loadbalancer/static-pod.sh"},
		Env:   map[string]string{"INTERFACE": m.cluster.LoadBalancer.Interface},
		Files: []node.File{node.Public(part.Etc+"/kube-vip.yaml", pod).Packed()},
		Err:   err,
	}
}
