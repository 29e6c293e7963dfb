package plan

import (
	"strings"

	"kindling/generator/internal/node"
	"kindling/generator/internal/plan/part"
	"kindling/generator/internal/staticpod"
	"kindling/templates/step"
)

// clusterWide is what the cluster has once: kubeadm's phases, the pod network, addons. /etc/kindling/manifests lists the manifests
// in their order: a path, or a URL with its SHA-256, a line each.
func clusterWide(m machine) part.Part {
	p := part.Part{
		Steps: []step.Step{step.Cluster}, Shell: []string{"boot/cluster.sh"},
		Programs: []string{"curl", "kubectl", "sha256sum"},
	}
	lines := m.local.manifestLines
	if m.cluster.UsesKubeVIP() {
		rights, err := staticpod.KubeVIPRights()
		p.Err = err
		file := node.Public(part.Etc+"/manifests.d/kube-vip.yaml", rights).Packed()
		p.Files = append(p.Files, file)
		lines = append([]string{file.Path}, lines...)
	}
	p.Files = append(p.Files, m.local.manifests...)
	if len(lines) > 0 {
		p.Files = append(p.Files, node.Public(part.Etc+"/manifests", []byte(strings.Join(lines, "\n")+"\n")))
	}
	return p
}
