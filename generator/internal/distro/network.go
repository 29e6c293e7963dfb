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
	Address     netip.Prefix
	Gateway     netip.Addr
	Nameservers []string
	Domains     []string // in which short names are looked up
	MTU         int      // in bytes; zero for the interface's own
}

// networkd returns a systemd.network(5) file. The other address family is left to autoconfiguration.
func networkd(n Network) File {
	match := "Name=" + n.Interface
	if n.MAC != "" {
		match = "MACAddress=" + n.MAC
	}
	var dns strings.Builder
	for _, server := range n.Nameservers {
		fmt.Fprintf(&dns, "DNS=%s\n", server)
	}
	if len(n.Domains) > 0 {
		fmt.Fprintf(&dns, "Domains=%s\n", strings.Join(n.Domains, " "))
	}
	link := ""
	if n.MTU != 0 {
		link = fmt.Sprintf("[Link]\nMTUBytes=%d\n", n.MTU)
	}
	return File{"/etc/systemd/network/10-kindling.network", 0o644,
		fmt.Sprintf("[Match]\n%s\n%s[Network]\nAddress=%s\nGateway=%s\n%s", match, link, n.Address, n.Gateway, &dns)}
}

// networkManager returns a keyfile (nm-settings-keyfile(5)). NetworkManager ignores it if other users can read it.
func networkManager(n Network) File {
	device, ethernet := "interface-name="+n.Interface+"\n", ""
	if n.MAC != "" {
		device, ethernet = "", "mac-address="+n.MAC+"\n"
	}
	if n.MTU != 0 {
		ethernet += fmt.Sprintf("mtu=%d\n", n.MTU)
	}
	if ethernet != "" {
		device += "[ethernet]\n" + ethernet
	}
	sections := map[bool]string{false: "[ipv4]\n", true: "[ipv6]\n"} // a name server belongs in the section of its address family
	static := n.Gateway.Is6()
	sections[static] += fmt.Sprintf("method=manual\naddress1=%s,%s\n", n.Address, n.Gateway)
	sections[!static] += "method=auto\n"
	for is6 := range sections {
		var list string
		for _, server := range n.Nameservers {
			if strings.Contains(server, ":") == is6 {
				list += server + ";"
			}
		}
		if list != "" {
			sections[is6] += "dns=" + list + "\n"
		}
	}
	if len(n.Domains) > 0 {
		sections[static] += "dns-search=" + strings.Join(n.Domains, ";") + ";\n"
	}
	return File{"/etc/NetworkManager/system-connections/kindling.nmconnection", 0o600,
		"[connection]\nid=kindling\ntype=ethernet\n" + device + sections[false] + sections[true]}
}
