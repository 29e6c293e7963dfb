package generator

import (
	"fmt"
	"strings"

	"kindling/generator/spec"
)

// BootOrder is a mermaid flowchart (https://mermaid.js.org) of who waits for whom.
func BootOrder(c *spec.Cluster) string {
	var b strings.Builder
	b.WriteString("flowchart LR\n")
	members := c.EtcdMembers()
	for i, n := range members {
		fmt.Fprintf(&b, "  m%d[\"%s\"] --> etcd{{\"etcd: %d of %d\"}}\n", i, n.Name, c.Etcd.BootstrapExpect, len(members))
	}
	b.WriteString("  etcd --> api[\"API servers\"]\n")
	if c.ExternalEtcd() {
		for i, n := range c.ControlPlanes() {
			fmt.Fprintf(&b, "  cp%d[\"%s\"] --> api\n", i, n.Name)
		}
	}
	for i, n := range c.LoadBalancers() {
		fmt.Fprintf(&b, "  lb%d[\"%s\"] --> lb\n", i, n.Name)
	}
	b.WriteString("  api --> cluster[\"cluster-wide phases, once\"] --> lb([\"" + c.ControlPlaneEndpoint + "\"])\n")
	workers := c.Workers()
	for i, n := range workers {
		if i == 3 && len(workers) > 4 {
			fmt.Fprintf(&b, "  lb --> more[\"%d more workers\"]\n", len(workers)-i)
			break
		}
		label := n.Name
		if n.Any() {
			label += ": any number"
		}
		fmt.Fprintf(&b, "  lb --> w%d[\"%s\"]\n", i, label)
	}
	return b.String()
}
