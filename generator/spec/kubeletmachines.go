package spec

import (
	"net/netip"
	"slices"

	"kindling/generator/internal/yamlfile"
)

// checkKubeletMachines refuses what is one machine's own where several would have it, in fields of the kubelet's and in the flags that set them.
func (c *checker) checkKubeletMachines() {
	all := slices.DeleteFunc(slices.Clone(c.Nodes), func(n Node) bool { return !isKubernetesNode(n) })
	c.checkKubeletsOf(at(), c.KubeletConfiguration, c.ExtraArgs.Kubelet, all)
	for i, n := range c.Nodes {
		c.checkKubeletsOf(at("nodes", i), n.KubeletConfiguration, n.ExtraArgs.Kubelet, c.Nodes[i:i+1])
	}
}

func (c *checker) checkKubeletsOf(p yamlfile.Path, fields map[string]any, args []Arg, nodes []Node) {
	address, _ := fields["address"].(string)
	providerID, _ := fields["providerID"].(string)
	c.checkListening(p.With("kubeletConfiguration", "address"), address, nodes)
	c.checkProviderID(p.With("kubeletConfiguration", "providerID"), providerID, nodes)
	for i, arg := range args {
		value := p.With("extraArgs", "kubelet", i, "value")
		switch arg.Name {
		case "address":
			c.checkListening(value, arg.Value, nodes)
		case "provider-id":
			c.checkProviderID(value, arg.Value, nodes)
		}
	}
}

// checkListening looks at where kubelets listen. API servers ask them at the machines' own addresses.
func (c *checker) checkListening(p yamlfile.Path, text string, nodes []Node) {
	addr, err := netip.ParseAddr(text)
	if err != nil || addr.IsUnspecified() {
		return
	}
	for _, n := range nodes {
		if !slices.Contains(n.Addresses(), addr) {
			c.Errorf(p, "is no address of %s, whose kubelet nobody would reach; remove it", n.Name)
			return
		}
	}
}

func (c *checker) checkProviderID(p yamlfile.Path, text string, nodes []Node) {
	if text != "" && (len(nodes) != 1 || nodes[0].Any()) {
		c.Errorf(p, "each machine has its own; write it with its node")
	}
}
