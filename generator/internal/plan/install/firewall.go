package install

import (
	"fmt"

	"kindling/generator/internal/plan/part"
	"kindling/generator/spec"
	"kindling/templates/step"
)

// Firewall has a stock image's own firewall named, and what it must not keep out. Which ports the pod network needs is not in
// cluster.yaml, so nothing is opened: a cluster whose Nodes are Ready and whose pods do not reach each other would be worse.
func Firewall(c *spec.Cluster, n spec.Node) part.Part {
	if n.System().Manager == "" || n.InstallMethod() == "preinstalled" {
		return part.Part{}
	}
	return part.Part{Steps: []step.Step{step.Firewall}, Shell: []string{"install/firewall.sh"}, Env: map[string]string{"LETS_IN": letsIn(c, n)}}
}

// letsIn are the ports of the node's role, and on Nodes what pods send.
func letsIn(c *spec.Cluster, n spec.Node) string {
	pods := fmt.Sprintf(", the pod network, and all from %s", c.Networking.PodSubnet)
	switch n.Role {
	case spec.ControlPlane:
		ports := "TCP 6443 10250"
		if !c.ExternalEtcd() {
			ports += " 2379-2380"
		}
		if c.BalancesOnControlPlanes() {
			ports += fmt.Sprintf(" %d", c.LoadBalancer.Port)
		}
		return ports + pods
	case spec.EtcdMember:
		return "TCP 2379-2380"
	case spec.LoadBalance:
		ports := fmt.Sprintf("TCP %d", c.LoadBalancer.Port)
		if c.VirtualIP().IsValid() {
			ports += ", and VRRP"
		}
		return ports
	default:
		return "TCP 10250" + pods
	}
}
