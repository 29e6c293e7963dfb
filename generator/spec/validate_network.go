package spec

import (
	"net/netip"

	"kindling/generator/internal/yamlfile"
)

// checkNetwork checks the static network configuration. The prefix length is for the gateway's family.
func (c *checker) checkNetwork() {
	if c.Network == nil {
		return
	}
	p := at("network")
	for i, server := range c.Network.Nameservers {
		if addr, err := netip.ParseAddr(server); err != nil {
			c.Errorf(p.With("nameservers", i), "%s is not an IP address", yamlfile.Quote(server))
		} else if addr.Zone() != "" {
			c.Errorf(p.With("nameservers", i), "%s has a zone; write the address of a resolver that can be reached without one", yamlfile.Quote(server))
		}
	}
	if c.Network.Interface != "" {
		c.checkInterface(p.With("interface"), c.Network.Interface)
	}
	gateway := c.Network.GatewayAddr()
	if !gateway.IsValid() {
		c.Errorf(p.With("gateway"), "%s is not an IP address", yamlfile.Quote(c.Network.Gateway))
		return
	}
	if gateway.Zone() != "" {
		c.Errorf(p.With("gateway"), "%s has a zone; write the address alone", yamlfile.Quote(c.Network.Gateway))
		return
	}
	prefix, err := gateway.Prefix(c.Network.PrefixLength)
	if err != nil || prefix.Bits() == 0 {
		c.Errorf(p.With("prefixLength"), "%d is not a valid prefix length for %s; use 1 to %d, such as %d",
			c.Network.PrefixLength, familyOf(gateway), gateway.BitLen(), map[family]int{ipv4: 24, ipv6: 64}[familyOf(gateway)])
		return
	}
	if c.Sound("network", "gateway") && c.Sound("network", "prefixLength") {
		c.checkGateway(gateway, prefix)
	}
}

func (c *checker) checkGateway(gateway netip.Addr, network netip.Prefix) {
	for i, n := range c.Nodes {
		reached := n.Address == ""
		for _, addr := range n.Addresses() {
			if addr == gateway {
				c.Errorf(at("nodes", i, "address"), "%s is the gateway's address; choose another one", addr)
			}
			reached = reached || network.Contains(addr)
		}
		if !reached {
			c.Errorf(at("nodes", i, "address"), "%s is outside the gateway's network, %s; correct the address, network.gateway or network.prefixLength",
				yamlfile.Quote(n.Address), network.Masked())
		}
	}
}
