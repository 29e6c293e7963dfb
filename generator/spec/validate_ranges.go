package spec

import (
	"fmt"
	"net/netip"
	"strconv"
	"strings"

	"kindling/generator/internal/kubernetes"
	"kindling/generator/internal/yamlfile"
)

// addressRange is a subnet of the file: one range, or for dual stack two.
type addressRange struct {
	path     yamlfile.Path
	prefixes []netip.Prefix
}

// checkRanges checks pod and service subnets: each by itself, against each other, and against the machines.
func (c *checker) checkRanges() {
	pods := c.parseRange(at("networking", "podSubnet"), c.Networking.PodSubnet)
	services := c.parseRange(at("networking", "serviceSubnet"), c.Networking.ServiceSubnet)
	if fault := subdomainFault(c.Networking.DNSDomain); fault != "" {
		c.Errorf(at("networking", "dnsDomain"), "%s is not a DNS domain: it %s%s", yamlfile.Quote(c.Networking.DNSDomain), fault, nameHint(c.Networking.DNSDomain))
	}
	c.checkOverlap(pods, services)
	for _, r := range []addressRange{pods, services} {
		c.checkRangeFamilies(r)
		c.checkNoMachineIn(r)
	}
	for _, prefix := range services.prefixes {
		c.checkServiceSize(services.path, prefix)
	}
	for _, prefix := range pods.prefixes {
		c.checkPodSize(pods.path, prefix)
	}
	if len(c.families) > 1 && c.Sound("kubernetesVersion") && !c.Version().AllowsDualStack() {
		c.Errorf(at("kubernetesVersion"), "dual stack needs Kubernetes %s or newer; give each node one address, or choose a newer version", kubernetes.SinceDualStack)
	}
}

// parseRange reads one CIDR or a pair. One that is at fault is refused and left out.
func (c *checker) parseRange(p yamlfile.Path, value string) addressRange {
	r := addressRange{path: p}
	refuse := func(format string, args ...any) {
		c.Refuse(p, format, args...)
		r.prefixes = nil
	}
	parts := strings.Split(value, ",")
	if len(parts) > 2 {
		refuse("%s has %d ranges; write one, or for dual stack an IPv4 and an IPv6 one", yamlfile.Quote(value), len(parts))
		return r
	}
	for _, part := range parts {
		prefix, err := netip.ParsePrefix(part)
		switch {
		case err != nil && part != strings.TrimSpace(part):
			refuse("%s has a blank; write \"IPv4,IPv6\" without", yamlfile.Quote(value))
			return r
		case err != nil:
			refuse("%s is not a CIDR such as 10.244.0.0/16 or fd00:10:244::/56", yamlfile.Quote(part))
			return r
		case prefix != prefix.Masked():
			refuse("%s has bits set beyond its prefix length (did you mean %q?)", yamlfile.Quote(part), prefix.Masked())
			return r
		case prefix.Addr().Is4In6():
			refuse("%s is an IPv4 range in IPv6 form; write it as IPv4", yamlfile.Quote(part))
			return r
		case prefix.Addr().IsMulticast() || prefix.Addr().IsLoopback() || prefix.Addr().IsLinkLocalUnicast():
			refuse("%s is a range of loopback, link-local or multicast addresses; choose a private one such as 10.244.0.0/16", yamlfile.Quote(part))
			return r
		}
		r.prefixes = append(r.prefixes, prefix)
	}
	if len(r.prefixes) == 2 && familyOf(r.prefixes[0].Addr()) == familyOf(r.prefixes[1].Addr()) {
		refuse("%s has two %s ranges; write one, or for dual stack an IPv4 and an IPv6 one", yamlfile.Quote(value), familyOf(r.prefixes[0].Addr()))
	}
	return r
}

func (c *checker) checkOverlap(pods, services addressRange) {
	for _, pod := range pods.prefixes {
		for _, service := range services.prefixes {
			if pod.Overlaps(service) {
				p, own, other := pods.path, pod, fmt.Sprintf("%s, which is %s", services.path, service)
				if !c.Has(p) {
					p, own, other = services.path, service, fmt.Sprintf("%s, which is %s", pods.path, pod)
				}
				c.Errorf(p, "%s overlaps %s; choose ranges that have no address in common", own, other)
			}
		}
	}
}

func (c *checker) checkRangeFamilies(r addressRange) {
	var got families
	for _, prefix := range r.prefixes {
		got = append(got, familyOf(prefix.Addr()))
	}
	if len(got) > 0 && len(c.families) > 0 && got.String() != c.families.String() {
		c.Errorf(r.path, "is %s, but the nodes' addresses are %s; both need the same families in the same order", got, c.families)
	}
}

// checkNoMachineIn is one problem a range: most often all machines are in it.
func (c *checker) checkNoMachineIn(r addressRange) {
	for _, prefix := range r.prefixes {
		var inside []int
		var first netip.Addr
		for i, n := range c.Nodes {
			for _, addr := range n.Addresses() {
				if prefix.Contains(addr) {
					if inside = append(inside, i); len(inside) == 1 {
						first = addr
					}
				}
			}
		}
		if len(inside) > 0 {
			are := "is"
			if len(inside) > 1 {
				are = fmt.Sprintf("and %d more addresses are", len(inside)-1)
			}
			c.Errorf(at("nodes", inside[0], "address"), "%s %s inside %s, which is %s; set %s to a range without machines",
				first, are, r.path, prefix, r.path)
		}
		if addr, err := netip.ParseAddr(c.resolved.endpointHost); err == nil && prefix.Contains(addr) {
			c.Errorf(at("controlPlaneEndpoint"), "%s is inside %s, which is %s; set %s to a range without machines", addr, r.path, prefix, r.path)
		}
	}
}

// checkServiceSize holds kubeadm's limits: ten addresses at least, twenty bits of them at most.
func (c *checker) checkServiceSize(p yamlfile.Path, prefix netip.Prefix) {
	switch bits := prefix.Addr().BitLen(); {
	case bits-prefix.Bits() > 20:
		c.Errorf(p, "%s is too large: the API server takes a prefix length of %d at least", prefix, bits-20)
	case bits-prefix.Bits() < 4:
		c.Errorf(p, "%s has %d addresses, and the cluster needs 10 at least; choose a prefix length of %d at most", prefix, 1<<(bits-prefix.Bits()), bits-4)
	}
}

// checkPodSize holds the limits of the controller manager, which cuts a range for each node out of the subnet.
func (c *checker) checkPodSize(p yamlfile.Path, prefix netip.Prefix) {
	mask, nodes := c.nodeMask(familyOf(prefix.Addr())), 0
	for _, n := range c.Nodes {
		if n.Role == ControlPlane || n.Role == Worker {
			nodes++
		}
	}
	switch spare := mask - prefix.Bits(); {
	case spare < 0:
		c.Errorf(p, "%s is smaller than the /%d that each node gets; choose a prefix length of %d at most", prefix, mask, mask)
	case spare > 16:
		c.Errorf(p, "%s is too large: with a /%d for each node, kubeadm takes a prefix length of %d at least", prefix, mask, mask-16)
	case nodes > 1<<spare:
		c.Warnf(p, "%s has a /%d for %d nodes, and there are %d: the others get no pod addresses unless the pod network has address management of its own; choose a larger range",
			prefix, mask, 1<<spare, nodes)
	}
}

// nodeMask is the prefix length of a node's pod range: Kubernetes' default unless extraArgs change it.
func (c *checker) nodeMask(f family) int {
	mask, names := 24, []string{"node-cidr-mask-size", "node-cidr-mask-size-ipv4"}
	if f == ipv6 {
		mask, names = 64, []string{"node-cidr-mask-size", "node-cidr-mask-size-ipv6"}
	}
	for _, name := range names {
		for _, arg := range c.ExtraArgs.ControllerManager {
			if n, err := strconv.Atoi(arg.Value); arg.Name == name && err == nil && n > 0 {
				mask = n
			}
		}
	}
	return mask
}
