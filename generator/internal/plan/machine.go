package plan

import (
	"cmp"
	"net/netip"
	"strings"

	"kindling/generator/internal/distro"
	"kindling/generator/internal/node"
	"kindling/generator/internal/plan/part"
	"kindling/generator/spec"
)

// maxHostName is Linux' HOST_NAME_MAX. kubeadm passes a longer node name to kubelet.
const maxHostName = 64

// identity says which machine of which cluster this is.
func identity(m machine) part.Part {
	p := part.Part{Env: map[string]string{
		"CLUSTER":                m.cluster.Name,
		"CONTROL_PLANE_ENDPOINT": m.cluster.ControlPlaneEndpoint,
		"KUBERNETES_VERSION":     m.cluster.KubernetesVersion,
		"NODE_IP":                nodeIP(m),
		"ROLE":                   m.Role,
		"SET":                    m.set,
	}}
	if m.Any() {
		return p
	}
	p.Env["NAME"] = m.Name
	if len(m.Name) <= maxHostName {
		p.Files = []node.File{node.Public("/etc/hostname", []byte(m.Name+"\n"))}
	}
	return p
}

// system is what the operating system needs, and its network.
func system(m machine) part.Part {
	var p part.Part
	os := m.System()
	files := os.Files
	if static := network(m); static != nil && os.NetworkFile != nil {
		files = append(files[:len(files):len(files)], os.NetworkFile(*static))
	}
	for _, f := range files {
		p.Files = append(p.Files, node.File{Path: f.Path, Mode: f.Mode, Content: []byte(f.Content)})
	}
	for _, unit := range os.MaskUnits {
		p.Units = append(p.Units, node.Unit{Name: unit, Masked: true})
	}
	return p
}

// network is the machine's static network configuration, or nil.
func network(m machine) *distro.Network {
	static := m.cluster.NetworkOf(m.Node)
	if static == nil {
		return nil
	}
	out := &distro.Network{
		Interface:   cmp.Or(static.Interface, "eth0"),
		MAC:         m.MAC,
		Nameservers: static.Nameservers,
		MTU:         static.MTU,
		Domains:     static.SearchDomains,
	}
	for _, s := range static.Subnets(m.Node) {
		out.Subnets = append(out.Subnets, distro.Subnet{Address: s.Address, Gateway: s.Gateway, OnLink: s.OnLink()})
	}
	return out
}

// nodeIP is kubelet's --node-ip: the machine's address, or both of them. A machine of a pool has none in its document: kubelet is
// told the family of the address that it looks for, and in dual stack the machine puts its addresses in the place of the two.
func nodeIP(m machine) string {
	addresses := m.Addresses()
	if m.Any() {
		for _, a := range m.cluster.ControlPlanes()[0].Addresses() {
			unspecified := netip.IPv4Unspecified()
			if a.Is6() {
				unspecified = netip.IPv6Unspecified()
			}
			addresses = append(addresses, unspecified)
		}
	}
	list := make([]string, len(addresses))
	for i, a := range addresses {
		list[i] = a.String()
	}
	return strings.Join(list, ",")
}

// urlHost is the machine's first address as a URL's host: IPv6 in brackets.
func urlHost(n spec.Node) string {
	address := n.Addresses()[0]
	if address.Is6() {
		return "[" + address.String() + "]"
	}
	return address.String()
}
