package cloudinit

import (
	"bytes"
	"slices"

	"kindling/generator/internal/distro"
	"kindling/generator/internal/node"
)

// NetworkConfig renders the NoCloud network-config that goes with the user-data: the user's own, or one in cloud-init's version 1, which
// every release takes; nil for a node without one. Version 1 has no word for a gateway outside the network: then it is version 2. An
// interface that has the MAC address gets the name.
func NetworkConfig(n node.Node) ([]byte, error) {
	onLink := func(s distro.Subnet) bool { return s.OnLink }
	switch {
	case n.NetworkConfig != nil:
		return n.NetworkConfig, nil
	case n.Network == nil:
		return nil, nil
	case slices.ContainsFunc(n.Network.Subnets, onLink):
		return encoded(version2(*n.Network))
	}
	return encoded(version1(*n.Network))
}

func encoded(config any) ([]byte, error) {
	var out bytes.Buffer
	err := encode(&out, config)
	return out.Bytes(), err
}

type networkV1 struct {
	Version int        `yaml:"version"`
	Config  []deviceV1 `yaml:"config"`
}

type deviceV1 struct {
	Type       string     `yaml:"type"`
	Name       string     `yaml:"name"`
	MACAddress string     `yaml:"mac_address,omitempty"`
	MTU        int        `yaml:"mtu,omitempty"`
	Subnets    []subnetV1 `yaml:"subnets"`
}

type subnetV1 struct {
	Type           string   `yaml:"type"`
	Address        string   `yaml:"address"`
	Gateway        string   `yaml:"gateway"`
	DNSNameservers []string `yaml:"dns_nameservers,omitempty"`
	DNSSearch      []string `yaml:"dns_search,omitempty"`
}

func version1(n distro.Network) networkV1 {
	var subnets []subnetV1
	for _, s := range n.Subnets {
		kind := "static"
		if s.Gateway.Is6() {
			kind = "static6"
		}
		subnets = append(subnets, subnetV1{Type: kind, Address: s.Address.String(), Gateway: s.Gateway.String()})
	}
	subnets[0].DNSNameservers, subnets[0].DNSSearch = n.Nameservers, n.Domains
	return networkV1{1, []deviceV1{{"physical", n.Interface, n.MAC, n.MTU, subnets}}}
}

type networkV2 struct {
	Version   int                   `yaml:"version"`
	Ethernets map[string]ethernetV2 `yaml:"ethernets"`
}

type ethernetV2 struct {
	Match       *matchV2      `yaml:"match,omitempty"`
	SetName     string        `yaml:"set-name,omitempty"`
	MTU         int           `yaml:"mtu,omitempty"`
	Addresses   []string      `yaml:"addresses"`
	Nameservers nameserversV2 `yaml:"nameservers,omitempty"`
	Routes      []routeV2     `yaml:"routes"`
}

type matchV2 struct {
	MACAddress string `yaml:"macaddress"`
}

type nameserversV2 struct {
	Search    []string `yaml:"search,omitempty"`
	Addresses []string `yaml:"addresses,omitempty"`
}

type routeV2 struct {
	To     string `yaml:"to"`
	Via    string `yaml:"via"`
	OnLink bool   `yaml:"on-link,omitempty"`
}

func version2(n distro.Network) networkV2 {
	ethernet := ethernetV2{MTU: n.MTU, Nameservers: nameserversV2{n.Domains, n.Nameservers}}
	if n.MAC != "" {
		ethernet.Match, ethernet.SetName = &matchV2{n.MAC}, n.Interface
	}
	for _, s := range n.Subnets {
		ethernet.Addresses = append(ethernet.Addresses, s.Address.String())
		everywhere := "0.0.0.0/0" // "default" is newer than some of the readers
		if s.Gateway.Is6() {
			everywhere = "::/0"
		}
		ethernet.Routes = append(ethernet.Routes, routeV2{everywhere, s.Gateway.String(), s.OnLink})
	}
	return networkV2{2, map[string]ethernetV2{n.Interface: ethernet}}
}
