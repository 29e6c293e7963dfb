package spec

import (
	"encoding/binary"
	"net/netip"
	"regexp"
	"slices"
	"strings"

	"kindling/generator/internal/yamlfile"
)

// checkNetwork checks the static network configurations: the cluster's for the nodes without their own, and each node's own.
func (c *checker) checkNetwork() {
	var others []int
	for i, n := range c.Nodes {
		p := at("nodes", i)
		switch network := p.With("network"); {
		case n.Any() && n.Network != nil:
			c.Errorf(network, "a node with `count: any` has no address to give to its machines; remove it")
		case n.Network != nil:
			c.checkOneNetwork(network, n.Network, []int{i})
		case n.NetworkConfig == "":
			others = append(others, i)
		}
		c.checkNetworkConfig(p, &c.Nodes[i].networkConfig, n.Network, n.NetworkConfig, []int{i})
	}
	if c.Network != nil {
		c.checkOneNetwork(at("network"), c.Network, others)
	}
	c.checkNetworkConfig(nil, &c.networkConfig, c.Network, c.NetworkConfig, others)
}

// checkOneNetwork checks a configuration and the nodes that have it.
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
		if made.MatchString(network.Interface) {
			c.Errorf(p.With("interface"), "%s is a bond, bridge or VLAN, which has to be made first; describe it in networkConfig, or on Ignition machines in a snippet of Butane",
				yamlfile.Quote(network.Interface))
		}
	}
	if !c.checkGateways(p.With("gateway"), network) || !c.checkPrefixes(p.With("prefixLength"), network) {
		return
	}
	c.checkGatewayEdge(p, network, nodes)
	for _, i := range nodes {
		c.checkSubnets(p, i, network.Subnets(c.Nodes[i]))
		c.checkReach(p, i, network)
	}
}

// made are the usual names of interfaces that are no hardware.
var made = regexp.MustCompile(`\.[0-9]+$|^(bond|br|team|vlan)-?[0-9]+$`)

// checkGateways wants one gateway, or one of each family.
func (c *checker) checkGateways(p yamlfile.Path, network *Network) bool {
	if !c.Sound(p...) {
		return false
	}
	for text := range strings.SplitSeq(network.Gateway, ",") {
		switch addr, err := netip.ParseAddr(text); {
		case err != nil:
			c.Errorf(p, "%s is not an IP address", yamlfile.Quote(text))
			return false
		case addr.Zone() != "":
			c.Errorf(p, "%s has a zone; write the address alone", yamlfile.Quote(text))
			return false
		}
	}
	all := network.Gateways()
	if len(all) > 2 || len(all) == 2 && all[0].Is4() == all[1].Is4() {
		c.Errorf(p, "%s has more than one gateway of a family; keep one of each", yamlfile.Quote(network.Gateway))
		return false
	}
	return true
}

// checkPrefixes wants a length for each gateway, in its family.
func (c *checker) checkPrefixes(p yamlfile.Path, network *Network) bool {
	gateways, lengths := network.Gateways(), network.PrefixLength.Bits()
	if !c.Sound(p...) {
		return false
	}
	if len(lengths) != len(gateways) {
		c.Errorf(p, "%s does not go with the gateways, %s; write one for each, in the same order, such as %s",
			network.PrefixLength, network.Gateway, familiesOf(gateways).join(usualPrefix))
		return false
	}
	for i, gateway := range gateways {
		if bits := lengths[i]; bits < 1 || bits > gateway.BitLen() {
			c.Errorf(p, "%d is not a valid prefix length for %s; use 1 to %d, such as %s", bits, familyOf(gateway), gateway.BitLen(), usualPrefix[familyOf(gateway)])
			return false
		}
	}
	return true
}

var usualPrefix = map[family]string{ipv4: "24", ipv6: "64"}

// checkSubnets finds addresses that cannot be right.
func (c *checker) checkSubnets(p yamlfile.Path, i int, subnets []Subnet) {
	for _, s := range subnets {
		switch address := s.Address.Addr(); {
		case address == s.Gateway:
			c.Errorf(at("nodes", i, "address"), "%s is the gateway's address; choose another one", address)
		case isEdge(s.Address, address):
			c.Errorf(at("nodes", i, "address"), "%s is the first or the last address of %s, which no machine can have; correct it, or %s.prefixLength", address, s.Address.Masked(), p)
		case s.OnLink() && s.Address.Bits() < address.BitLen():
			c.Warnf(at("nodes", i, "address"), "the gateway %s is outside %s; the machine looks for it on its own link. If that is not meant, correct the address, %s.gateway or %[3]s.prefixLength",
				s.Gateway, s.Address.Masked(), p)
		}
	}
}

// checkGatewayEdge finds a gateway that no machine can be. One report is enough for all nodes.
func (c *checker) checkGatewayEdge(p yamlfile.Path, network *Network, nodes []int) {
	for _, i := range nodes {
		for _, s := range network.Subnets(c.Nodes[i]) {
			if isEdge(s.Address, s.Gateway) {
				c.Errorf(p.With("gateway"), "%s is the first or the last address of %s, which no machine can have; correct it, or %s.prefixLength", s.Gateway, s.Address.Masked(), p)
				return
			}
		}
	}
}

// isEdge reports whether an address stands for all of a network (RFC 1122, 3.2.1.3), and the network is not one of two machines (RFC 3021).
func isEdge(network netip.Prefix, addr netip.Addr) bool {
	if !addr.Is4() || network.Bits() > 30 || !network.Masked().Contains(addr) {
		return false
	}
	address := addr.As4()
	others := ^uint32(0) >> network.Bits()
	own := binary.BigEndian.Uint32(address[:]) & others
	return own == 0 || own == others
}

// checkReach finds a gateway of a family that the node has no address of.
func (c *checker) checkReach(p yamlfile.Path, i int, network *Network) {
	addresses := c.Nodes[i].Addresses()
	for _, gateway := range network.Gateways() {
		same := func(a netip.Addr) bool { return a.Is4() == gateway.Is4() }
		if len(addresses) > 0 && !slices.ContainsFunc(addresses, same) {
			c.Errorf(at("nodes", i, "address"), "%s has no %s address for the gateway %s; add one, or correct %s.gateway",
				yamlfile.Quote(c.Nodes[i].Address), familyOf(gateway), gateway, p)
		}
	}
}
