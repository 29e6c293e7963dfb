package generator

import (
	"kindling/generator/internal/kubeadm"
	"kindling/generator/internal/plan"
	"kindling/generator/spec"
)

// Boot is what one machine does at its first boot.
type Boot struct {
	Node    string   `json:"node"`
	Role    string   `json:"role"`
	Address string   `json:"address,omitempty"`
	Format  Format   `json:"format"`
	Steps   []string `json:"steps"`
}

// Boots lists what each machine does, in the spec's order of nodes. The machines themselves can be switched on in any order.
func Boots(c *spec.Cluster) []Boot {
	var boots []Boot
	for _, n := range c.Nodes {
		boots = append(boots, Boot{n.Name, n.Role, n.Address, n.System().Format, stepNames(c, n)})
	}
	return boots
}

// Releases are those of Kubernetes that there are documents for, in words: "v1.28.15, v1.29.15, v1.30 to v1.37".
func Releases() string { return kubeadm.Releases() }

// Supported says whether this kindling can make documents for a valid cluster.
func Supported(c *spec.Cluster) error { return plan.Supported(c) }

// Nodes are the names of the cluster's nodes.
func (g *Generator) Nodes() []string {
	var names []string
	for _, n := range g.cluster.Nodes {
		names = append(names, n.Name)
	}
	return names
}

func stepNames(c *spec.Cluster, n spec.Node) []string {
	var names []string
	for _, s := range plan.Steps(c, n) {
		names = append(names, s.Name)
	}
	return names
}
