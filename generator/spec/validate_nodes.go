package spec

import (
	"fmt"
	"net"
	"net/netip"
	"regexp"
	"slices"
	"strings"

	"kindling/generator/internal/distro"
	"kindling/generator/internal/yamlfile"
)

// maxHostName is Linux' HOST_NAME_MAX.
const maxHostName = 64

// taken maps each name, MAC and address to the index of the node that has it.
type taken struct {
	names, macs map[string]int
	addresses   map[netip.Addr]int
}

func (c *checker) checkNodes() {
	if c.rolesSound && c.Sound("nodes") && len(c.ControlPlanes()) == 0 {
		c.Errorf(at("nodes"), "no node has the role control-plane; add one, or better three")
	}
	c.checkOS()
	size := len(c.Nodes)
	t := taken{make(map[string]int, size), make(map[string]int, size), make(map[netip.Addr]int, size)}
	for i, n := range c.Nodes {
		p := at("nodes", i)
		c.checkNodeName(p, n, i, t)
		if n.Any() {
			c.checkAny(p, n)
		} else {
			c.checkAddress(p, n, i, t)
			c.checkMAC(p, n, i, t)
		}
		c.checkNamePattern(p, n)
		c.checkInstall(p, n)
		c.checkLabels(p, n)
		c.checkTaints(p, n)
	}
}

func (c *checker) checkNodeName(p yamlfile.Path, n Node, i int, t taken) {
	if fault := subdomainFault(n.Name); fault != "" {
		c.Errorf(p.With("name"), "%s is not a valid Node name (an RFC 1123 subdomain): it %s%s", yamlfile.Quote(n.Name), fault, nameHint(n.Name))
		return
	}
	if n.Name == "localhost" || strings.HasPrefix(n.Name, "localhost.") || strings.HasSuffix(n.Name, ".localhost") {
		c.Errorf(p.With("name"), "%s is what every machine calls itself; choose another name", yamlfile.Quote(n.Name))
	}
	if len(n.Name) > maxHostName {
		c.Warnf(p.With("name"), "has %d characters, but a Linux host name has at most %d: the machine's host name will differ from its Node's name", len(n.Name), maxHostName)
	}
	if first, ok := t.names[n.Name]; ok {
		c.Errorf(p.With("name"), "%s is already the name of nodes[%d]; each machine needs its own", yamlfile.Quote(n.Name), first)
		return
	}
	t.names[n.Name] = i
}

func (c *checker) checkAny(p yamlfile.Path, n Node) {
	if n.Role != Worker && n.Role != "" {
		c.Errorf(p.With("count"), "only workers can have `count: any`; write a separate node for each %s", n.Role)
	}
	if n.Address != "" {
		c.Errorf(p.With("address"), "a node with `count: any` cannot have an address; remove address or count")
	}
	if n.MAC != "" {
		c.Errorf(p.With("mac"), "a node with `count: any` cannot have a MAC address; remove mac or count")
	}
}

var namePattern = regexp.MustCompile(`^[a-z0-9.*?-]+$`)

func (c *checker) checkNamePattern(p yamlfile.Path, n Node) {
	switch {
	case n.NamePattern == "":
	case !n.Any():
		c.Errorf(p.With("namePattern"), "is only for nodes with `count: any`; remove it, or add the count")
	case !namePattern.MatchString(n.NamePattern):
		c.Errorf(p.With("namePattern"), "%s matches no host name; write lower-case letters, digits, \"-\", \".\", and \"*\" or \"?\" for what differs, such as \"pool-*\"", yamlfile.Quote(n.NamePattern))
	}
}

func (c *checker) checkAddress(p yamlfile.Path, n Node, i int, t taken) {
	if n.Address == "" {
		if c.Sound("nodes", i, "count") {
			c.Errorf(p.With("address"), "missing; add the machine's own IP address, or `count: any` for workers of an autoscaling group")
		}
		return
	}
	if fault := addressFault(n); fault != "" {
		c.Errorf(p.With("address"), "%s", fault)
		return
	}
	if !c.families.match(n.Addresses()) {
		c.Errorf(p.With("address"), "is %s, but most nodes' addresses are %s; all machines need the same families in the same order",
			familiesOf(n.Addresses()), c.families)
	}
	for _, addr := range n.Addresses() {
		if first, ok := t.addresses[addr]; ok {
			c.Errorf(p.With("address"), "%s is already the address of nodes[%d] (%s); each machine needs its own", addr, first, c.Nodes[first].Name)
			continue
		}
		t.addresses[addr] = i
	}
}

// addressFault says what is wrong with a node's address, or "". It must be one or two addresses that other machines can reach.
func addressFault(n Node) string {
	if count := strings.Count(n.Address, ",") + 1; count > 2 {
		return fmt.Sprintf("%s has %d addresses; write one, or for dual stack one of IPv4 and one of IPv6", yamlfile.Quote(n.Address), count)
	}
	for part := range strings.SplitSeq(n.Address, ",") {
		addr, err := netip.ParseAddr(part)
		if err != nil {
			return yamlfile.Quote(part) + " " + notAnAddress(part)
		}
		if fault := addrFault(addr); fault != "" {
			return yamlfile.Quote(part) + " " + fault
		}
	}
	if addrs := n.Addresses(); len(addrs) == 2 && familyOf(addrs[0]) == familyOf(addrs[1]) {
		return fmt.Sprintf("%s has two %s addresses; write one, or for dual stack one of IPv4 and one of IPv6", yamlfile.Quote(n.Address), familyOf(addrs[0]))
	}
	return ""
}

func notAnAddress(s string) string {
	if trimmed := strings.TrimSpace(s); trimmed != s {
		return "has a space; write \"10.0.0.7,fd00::7\" without spaces"
	}
	if prefix, err := netip.ParsePrefix(s); err == nil {
		return "has a prefix length; write the address alone (did you mean \"" + prefix.Addr().String() + "\"?), and the prefix length in network.prefixLength"
	}
	return "is not an IP address"
}

func (c *checker) checkMAC(p yamlfile.Path, n Node, i int, t taken) {
	if n.MAC == "" {
		return
	}
	mac, err := net.ParseMAC(n.MAC)
	switch {
	case err != nil || len(mac) != 6:
		c.Errorf(p.With("mac"), "%s is not a MAC address such as 52:54:00:12:34:56", yamlfile.Quote(n.MAC))
	case mac[0]&1 != 0 || slices.Equal(mac, make([]byte, 6)):
		c.Errorf(p.With("mac"), "%s is a group address or zero, which no network card has", yamlfile.Quote(n.MAC))
	default:
		if first, ok := t.macs[n.MAC]; ok {
			c.Errorf(p.With("mac"), "%s is already the MAC address of nodes[%d] (%s); each machine needs its own", n.MAC, first, c.Nodes[first].Name)
			return
		}
		t.macs[n.MAC] = i
	}
}

// checkOS reports only one problem: without the cluster's os, usually all nodes lack one.
func (c *checker) checkOS() {
	for i, n := range c.Nodes {
		if n.System().Name == "" && c.Sound("nodes", i, "os") {
			c.Errorf(at("os"), "missing, and nodes[%d] does not name its own; add one of %s, such as `os: ubuntu`", i, strings.Join(distro.Names(), ", "))
			return
		}
	}
}
