package distro

import (
	"fmt"
	"net/netip"
	"strings"
)

// Network is a machine's static network configuration.
type Network struct {
	Interface   string
	MAC         string // identifies the interface; if empty, its name does
	Subnets     []Subnet
	Nameservers []string
	Domains     []string // in which short names are looked up
	MTU         int      // in bytes; zero for the interface's own
}

// Subnet is one family of a network. The other family is left to autoconfiguration if it has none.
type Subnet struct {
	Address netip.Prefix
	Gateway netip.Addr
	// OnLink says that the gateway is outside the address's network, but on its link.
	OnLink bool
}

// networkd returns a systemd.network(5) file.
func networkd(n Network) File {
	var b strings.Builder
	if n.MAC != "" {
		fmt.Fprintf(&b, "[Match]\nMACAddress=%s\n", n.MAC)
	} else {
		fmt.Fprintf(&b, "[Match]\nName=%s\n", n.Interface)
	}
	if n.MTU != 0 {
		fmt.Fprintf(&b, "[Link]\nMTUBytes=%d\n", n.MTU)
	}
	b.WriteString("[Network]\n")
	for _, s := range n.Subnets {
		fmt.Fprintf(&b, "Address=%s\n", s.Address)
		if !s.OnLink {
			fmt.Fprintf(&b, "Gateway=%s\n", s.Gateway)
		}
	}
	for _, server := range n.Nameservers {
		fmt.Fprintf(&b, "DNS=%s\n", server)
	}
	if len(n.Domains) > 0 {
		fmt.Fprintf(&b, "Domains=%s\n", strings.Join(n.Domains, " "))
	}
	for _, s := range n.Subnets {
		if s.OnLink {
			fmt.Fprintf(&b, "[Route]\nGateway=%s\nGatewayOnLink=yes\n", s.Gateway)
		}
	}
	return File{"/etc/systemd/network/10-kindling.network", 0o644, b.String()}
}

// networkManager returns a keyfile (nm-settings-keyfile(5)). NetworkManager ignores it if other users can read it. It makes a route to a
// gateway outside the network by itself.
func networkManager(n Network) File {
	var b strings.Builder
	b.WriteString("[connection]\nid=kindling\ntype=ethernet\n")
	if n.MAC == "" {
		fmt.Fprintf(&b, "interface-name=%s\n", n.Interface)
	}
	if n.MAC != "" || n.MTU != 0 {
		b.WriteString("[ethernet]\n")
	}
	if n.MAC != "" {
		fmt.Fprintf(&b, "mac-address=%s\n", n.MAC)
	}
	if n.MTU != 0 {
		fmt.Fprintf(&b, "mtu=%d\n", n.MTU)
	}
	domains := n.Domains
	for _, section := range []struct {
		name string
		is6  bool
	}{{"ipv4", false}, {"ipv6", true}} {
		fmt.Fprintf(&b, "[%s]\n", section.name)
		subnet, static := n.subnet(section.is6)
		if static {
			fmt.Fprintf(&b, "method=manual\naddress1=%s,%s\n", subnet.Address, subnet.Gateway)
		} else {
			b.WriteString("method=auto\n")
		}
		if servers := n.nameservers(section.is6); len(servers) > 0 {
			fmt.Fprintf(&b, "dns=%s;\n", strings.Join(servers, ";"))
		}
		if static && len(domains) > 0 {
			fmt.Fprintf(&b, "dns-search=%s;\n", strings.Join(domains, ";"))
			domains = nil
		}
	}
	return File{"/etc/NetworkManager/system-connections/kindling.nmconnection", 0o600, b.String()}
}

// subnet is the one of a family.
func (n Network) subnet(is6 bool) (Subnet, bool) {
	for _, s := range n.Subnets {
		if s.Gateway.Is6() == is6 {
			return s, true
		}
	}
	return Subnet{}, false
}

// nameservers are those of a family.
func (n Network) nameservers(is6 bool) []string {
	var servers []string
	for _, server := range n.Nameservers {
		if strings.Contains(server, ":") == is6 {
			servers = append(servers, server)
		}
	}
	return servers
}
