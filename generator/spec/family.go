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

// usualFamilies are those of the most nodes, of the earlier in a tie, so that a report names the odd ones out.
func usualFamilies(nodes []Node) families {
	var found []families
	count := map[string]int{}
	for _, n := range nodes {
		if fs := familiesOf(n.Addresses()); len(fs) > 0 {
			if count[fs.String()]++; count[fs.String()] == 1 {
				found = append(found, fs)
			}
		}
	}
	if len(found) == 0 {
		return nil
	}
	return slices.MaxFunc(found, func(a, b families) int { return count[a.String()] - count[b.String()] })
}
