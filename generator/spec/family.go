package spec

import (
	"net/netip"
	"slices"
	"strings"
)

type family int

const (
	ipv4 family = 4
	ipv6 family = 6
)

func familyOf(a netip.Addr) family {
	if a.Is4() {
		return ipv4
	}
	return ipv6
}

func (f family) String() string {
	if f == ipv4 {
		return "IPv4"
	}
	return "IPv6"
}

// families of a machine or a range, the primary one first.
type families []family

func familiesOf(addrs []netip.Addr) families {
	var fs families
	for _, a := range addrs {
		fs = append(fs, familyOf(a))
	}
	return fs
}

func (fs families) String() string {
	names := make([]string, len(fs))
	for i, f := range fs {
		names[i] = f.String()
	}
	return strings.Join(names, ",")
}

func (fs families) join(values map[family]string) string {
	picked := make([]string, len(fs))
	for i, f := range fs {
		picked[i] = values[f]
	}
	return strings.Join(picked, ",")
}

// match reports whether these are the families of the addresses.
func (fs families) match(addrs []netip.Addr) bool {
	return slices.EqualFunc(fs, addrs, func(f family, a netip.Addr) bool { return f == familyOf(a) })
}

// usualFamilies are those of the most nodes, of the earlier in a tie, so that a report names the odd ones out. A node with more
// than two addresses does not count.
func usualFamilies(nodes []Node) families {
	type group struct {
		families
		nodes int
	}
	var groups []group
	for i := range nodes {
		addrs := nodes[i].Addresses()
		if len(addrs) == 0 || len(addrs) > 2 {
			continue
		}
		at := slices.IndexFunc(groups, func(g group) bool { return g.match(addrs) })
		if at < 0 {
			at = len(groups)
			groups = append(groups, group{familiesOf(addrs), 0})
		}
		groups[at].nodes++
	}
	if groups == nil {
		return nil
	}
	return slices.MaxFunc(groups, func(a, b group) int { return a.nodes - b.nodes }).families
}
