package spec

import (
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"kindling/generator/internal/kubernetes"
	"kindling/generator/internal/yamlfile"
)

// addressRange is a subnet in the file: one range, or two for dual stack.
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
	c.checkHosts(pods, services)
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

// parseRange reads one CIDR or a pair. If anything is wrong, the field is refused and nothing is returned.
func (c *checker) parseRange(p yamlfile.Path, value string) addressRange {
	r := addressRange{path: p}
	refuse := func(format string, args ...any) {
		c.Refuse(p, format, args...)
		r.prefixes = nil
	}
	parts := strings.Split(value, ",")
	if len(parts) > 2 {
		refuse("%s has %d ranges; write one, or for dual stack one of IPv4 and one of IPv6", yamlfile.Quote(value), len(parts))
		return r
	}
	for _, part := range parts {
		prefix, err := netip.ParsePrefix(part)
		switch {
		case err != nil && part != strings.TrimSpace(part):
			refuse("%s has a space; write \"IPv4,IPv6\" without spaces", yamlfile.Quote(value))
			return r
		case err != nil:
			refuse("%s is not a CIDR such as 10.244.0.0/16 or fd00:10:244::/56", yamlfile.Quote(part))
			return r
		case prefix != prefix.Masked():
			refuse("%s has host bits set (did you mean %q?)", yamlfile.Quote(part), prefix.Masked())
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
		refuse("%s has two %s ranges; write one, or for dual stack one of IPv4 and one of IPv6", yamlfile.Quote(value), familyOf(r.prefixes[0].Addr()))
	}
	return r
}

func (c *checker) checkOverlap(pods, services addressRange) {
	for _, pod := range pods.prefixes {
		for _, service := range services.prefixes {
			if pod.Overlaps(service) {
				p, own, other := pods.path, pod, fmt.Sprintf("%s (%s)", services.path, service)
				if !c.Has(p) {
					p, own, other = services.path, service, fmt.Sprintf("%s (%s)", pods.path, pod)
				}
				c.Errorf(p, "%s overlaps %s; choose ranges that do not overlap", own, other)
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

// checkNoMachineIn reports one problem for each range: usually all machines are inside.
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
				are = fmt.Sprintf("and %d more are", len(inside)-1)
			}
			c.Errorf(at("nodes", inside[0], "address"), "%s %s inside %s (%s); set %s to a range without machines",
				first, are, r.path, prefix, r.path)
		}
		if addr, err := netip.ParseAddr(c.resolved.endpointHost); err == nil && prefix.Contains(addr) {
			c.Errorf(at("controlPlaneEndpoint"), "%s is inside %s (%s); set %s to a range without machines", addr, r.path, prefix, r.path)
		}
	}
}

// checkServiceSize applies kubeadm's limits: at least ten addresses, at most twenty bits.
func (c *checker) checkServiceSize(p yamlfile.Path, prefix netip.Prefix) {
	switch bits := prefix.Addr().BitLen(); {
	case bits-prefix.Bits() > 20:
		c.Errorf(p, "%s is too large for the API server; use a prefix length of at least %d", prefix, bits-20)
	case bits-prefix.Bits() < 4:
		c.Errorf(p, "%s has %d addresses, but the cluster needs at least 10; use a prefix length of at most %d", prefix, 1<<(bits-prefix.Bits()), bits-4)
	}
}

// checkPodSize applies the limits of the controller manager, which gives each node a part of the subnet.
func (c *checker) checkPodSize(p yamlfile.Path, prefix netip.Prefix) {
	mask, nodes := c.nodeMask(familyOf(prefix.Addr())), 0
	for _, n := range c.Nodes {
		if n.Role == ControlPlane || n.Role == Worker {
			nodes++
		}
	}
	switch spare := mask - prefix.Bits(); {
	case spare < 0:
		c.Errorf(p, "%s is smaller than the /%d that each node gets; use a prefix length of at most %d", prefix, mask, mask)
	case spare > 16:
		c.Errorf(p, "%s is too large for kubeadm, with a /%d for each node; use a prefix length of at least %d", prefix, mask, mask-16)
	case nodes > 1<<spare:
		c.Warnf(p, "%s has a /%d for each of %d nodes, but there are %d: the others get no pod addresses unless the pod network assigns them itself; choose a larger range",
			prefix, mask, 1<<spare, nodes)
	}
}

// nodeMask is the prefix length of a node's pod range: the default of Kubernetes, unless extraArgs change it.
func (c *checker) nodeMask(f family) int {
	mask, longest, names := 24, 32, []string{"node-cidr-mask-size-ipv4"}
	if f == ipv6 {
		mask, longest, names = 64, 128, []string{"node-cidr-mask-size-ipv6"}
	}
	if len(c.families) == 1 {
		names = append(names, "node-cidr-mask-size")
	}
	for _, name := range names {
		for _, arg := range c.ExtraArgs.ControllerManager {
			if n, err := strconv.Atoi(arg.Value); arg.Name == name && err == nil && n > 0 && n <= longest {
				mask = n
			}
		}
	}
	return mask
}

// checkNodeMasks applies the controller manager's rules for node-cidr-mask-size and its forms for one family (cmd/kube-controller-manager/app:
// setNodeCIDRMaskSizes).
func (c *checker) checkNodeMasks() {
	has := func(name string) bool {
		return slices.ContainsFunc(c.ExtraArgs.ControllerManager, func(a Arg) bool { return a.Name == name })
	}
	const both = "node-cidr-mask-size"
	for i, arg := range c.ExtraArgs.ControllerManager {
		p := at("extraArgs", "controllerManager", i)
		of, isMask := map[string]family{both: 0, both + "-ipv4": ipv4, both + "-ipv6": ipv6}[arg.Name]
		if !isMask || len(c.families) == 0 {
			continue
		}
		bits := 128
		if of == ipv4 || of == 0 && c.families[0] == ipv4 {
			bits = 32
		}
		if mask, err := strconv.Atoi(arg.Value); err != nil || mask < 1 || mask > bits {
			c.Errorf(p.With("value"), "%s is no prefix length from 1 to %d", yamlfile.Quote(arg.Value), bits)
		}
		switch {
		case of == 0 && len(c.families) > 1:
			c.Errorf(p.With("name"), "in dual stack each family has its own: write %s-ipv4 and %[1]s-ipv6", both)
		case of == 0 && (has(both+"-ipv4") || has(both+"-ipv6")):
			c.Errorf(p.With("name"), "goes with none of its forms for one family; keep one of them")
		case of != 0 && !slices.Contains(c.families, of):
			c.Errorf(p.With("name"), "the cluster has no %s addresses, and the controller manager would not start; write %s", of, both)
		}
	}
}
