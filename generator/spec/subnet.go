package spec

import "net/netip"

// Subnet is one family of a machine's static network.
type Subnet struct {
	// Address of the machine, with the length of its network's prefix.
	Address netip.Prefix
	Gateway netip.Addr
}

// OnLink reports whether the gateway is outside the machine's network: it is on the same link. Link-local gateways always are.
func (s Subnet) OnLink() bool {
	return !s.Address.Masked().Contains(s.Gateway) && !s.Gateway.IsLinkLocalUnicast()
}

// Gateways are the next hops of the default routes, one of a family.
func (n *Network) Gateways() []netip.Addr { return n.gateways }

// Subnets are a node's addresses that have a gateway, in the order of the gateways.
func (n *Network) Subnets(of Node) []Subnet {
	var all []Subnet
	lengths := n.PrefixLength.Bits()
	for i, gateway := range n.gateways {
		for _, address := range of.Addresses() {
			if address.Is4() == gateway.Is4() {
				all = append(all, Subnet{netip.PrefixFrom(address, lengths[i]), gateway})
			}
		}
	}
	return all
}

// resolve parses the gateways.
func (n *Network) resolve() {
	if n != nil {
		n.gateways = parseAddresses(n.Gateway)
	}
}

// NetworkOf is the node's own static network configuration, or the cluster's; nil without one. A pool's machines have no address to give
// them.
func (c *Cluster) NetworkOf(n Node) *Network {
	switch {
	case n.Any(), n.NetworkConfig != "":
		return nil
	case n.Network != nil:
		return n.Network
	}
	return c.Network
}

// NetworkConfigOf is the content of the node's own network-config file, or the cluster's; nil without one.
func (c *Cluster) NetworkConfigOf(n Node) []byte {
	switch {
	case n.Any(), n.Network != nil:
		return nil
	case n.NetworkConfig != "":
		return n.networkConfig
	}
	return c.networkConfig
}
