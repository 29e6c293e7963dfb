package spec

import (
	"net/netip"

	"kindling/generator/internal/yamlfile"
)

// checkNetwork checks the static network configurations: the cluster's for the nodes without their own, and each node's own.
func (c *checker) checkNetwork() {
	var nodes []int
	for i, n := range c.Nodes {
		p := at("nodes", i, "network")
		switch {
		case n.Network == nil:
			nodes = append(nodes, i)
		case n.Any():
			c.Errorf(p, "a node with `count: any` has no address to give to its machines; remove it")
		default:
			c.checkOneNetwork(p, n.Network, []int{i})
		}
	}
	if c.Network != nil {
		c.checkOneNetwork(at("network"), c.Network, nodes)
	}
}

// checkOneNetwork checks a configuration and the nodes that have it. The prefix length is for the gateway's family.
func (c *checker) checkOneNetwork(p yamlfile.Path, network *Network, nodes []int) {
	for i, server := range network.Nameservers {
		if addr, err := netip.ParseAddr(server); err != nil {
			c.Errorf(p.With("nameservers", i), "%s is not an IP address", yamlfile.Quote(server))
		} else if addr.Zone() != "" {
			c.Errorf(p.With("nameservers", i), "%s has a zone; write the address of a resolver that can be reached without one", yamlfile.Quote(server))
		}
	}
	for i, domain := range network.SearchDomains {
		if fault := subdomainFault(domain); fault != "" {
			c.Errorf(p.With("searchDomains", i), "%s is not a DNS domain: it %s%s", yamlfile.Quote(domain), fault, nameHint(domain))
		}
	}
	if network.Interface != "" {
		c.checkInterface(p.With("interface"), network.Interface)
	}
	gateway := network.GatewayAddr()
	if !gateway.IsValid() {
		c.Errorf(p.With("gateway"), "%s is not an IP address", yamlfile.Quote(network.Gateway))
		return
	}
	if gateway.Zone() != "" {
		c.Errorf(p.With("gateway"), "%s has a zone; write the address alone", yamlfile.Quote(network.Gateway))
		return
	}
	prefix, err := gateway.Prefix(network.PrefixLength)
	if err != nil || prefix.Bits() == 0 {
		c.Errorf(p.With("prefixLength"), "%d is not a valid prefix length for %s; use 1 to %d, such as %d",
			network.PrefixLength, familyOf(gateway), gateway.BitLen(), map[family]int{ipv4: 24, ipv6: 64}[familyOf(gateway)])
		return
	}
	if c.Sound(p.With("gateway")...) && c.Sound(p.With("prefixLength")...) {
		for _, i := range nodes {
			c.checkGateway(p, i, gateway, prefix)
		}
	}
}

func (c *checker) checkGateway(p yamlfile.Path, i int, gateway netip.Addr, network netip.Prefix) {
	n := c.Nodes[i]
	reached := n.Address == ""
	for _, addr := range n.Addresses() {
		if addr == gateway {
			c.Errorf(at("nodes", i, "address"), "%s is the gateway's address; choose another one", addr)
		}
		reached = reached || network.Contains(addr)
	}
	if !reached {
		c.Errorf(at("nodes", i, "address"), "%s is outside the gateway's network, %s; correct the address, %s.gateway or %[3]s.prefixLength",
			yamlfile.Quote(n.Address), network.Masked(), p)
	}
}
