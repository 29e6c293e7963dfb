package spec

import (
	"net/netip"
	"regexp"
	"slices"

	"kindling/generator/internal/yamlfile"
)

func (c *checker) checkLoadBalancer() {
	lb, p := c.LoadBalancer, at("loadBalancer")
	if !c.Sound("loadBalancer", "provider") {
		return
	}
	if c.rolesSound {
		c.checkBalancers()
	}
	c.checkVirtualIP()
	if lb.Interface != "" {
		c.checkInterface(p.With("interface"), lb.Interface)
	}
	c.checkPorts()
}

func (c *checker) checkBalancers() {
	isBalancer := func(n Node) bool { return n.Role == LoadBalance }
	if i := slices.IndexFunc(c.Nodes, isBalancer); c.LoadBalancer.Provider != "haproxy" && i >= 0 {
		c.Errorf(at("nodes", i, "role"), "needs `loadBalancer: {provider: haproxy}`, but the provider is %s; change the provider or the role", c.LoadBalancer.Provider)
	}
	if port := c.LoadBalancer.Port; c.BalancesOnControlPlanes() && slices.Contains(controlPlanePorts, port) {
		c.Errorf(at("loadBalancer", "port"), "without a node of role load-balancer, HAProxy runs on the control planes, where port %d is taken; use another port in controlPlaneEndpoint, such as 8443, or add such a node", port)
	}
}

// checkPorts finds an endpoint at which nobody would listen.
func (c *checker) checkPorts() {
	p, lb := at("controlPlaneEndpoint"), c.LoadBalancer
	port := portNumber(c.resolved.endpointPort)
	if !c.Sound("controlPlaneEndpoint") || !c.Sound("loadBalancer", "port") || port == 0 {
		return
	}
	host, _ := netip.ParseAddr(c.resolved.endpointHost)
	ours := host.IsValid() && (host == c.VirtualIP() || slices.ContainsFunc(c.LoadBalancers(), func(n Node) bool { return slices.Contains(n.Addresses(), host) }))
	switch {
	case lb.Provider == "kube-vip" && port != apiServerPort:
		c.Errorf(p, "kube-vip only holds the virtual IP, at which the API servers listen on port %d and not on %d; write that port, or use haproxy", apiServerPort, port)
	case lb.Provider == "kube-vip" && c.Has(at("loadBalancer", "port")) && lb.Port != apiServerPort:
		c.Errorf(at("loadBalancer", "port"), "kube-vip has no port of its own; remove it")
	case lb.Provider == "haproxy" && ours && lb.Port != port:
		c.Errorf(at("loadBalancer", "port"), "HAProxy would listen on port %d, but controlPlaneEndpoint names port %d of the same address; write one port in both", lb.Port, port)
	case lb.Provider == "haproxy" && !ours && lb.Port != port:
		c.Warnf(at("loadBalancer", "port"), "HAProxy listens on port %d, and controlPlaneEndpoint names port %d: something between them has to translate it", lb.Port, port)
	}
}

const apiServerPort = 6443

// controlPlanePorts are taken on every control plane, by etcd, the API server, the kubelet, kube-proxy, the controller manager and
// the scheduler.
var controlPlanePorts = []int{2379, 2380, 2381, 6443, 10248, 10249, kubeletPort, 10256, 10257, 10259}

func (c *checker) checkVirtualIP() {
	p, vip := at("loadBalancer", "virtualIP"), c.LoadBalancer.VirtualIP
	if vip == "" {
		if c.LoadBalancer.Provider == "kube-vip" && c.Sound("controlPlaneEndpoint") {
			c.Errorf(at("loadBalancer", "provider"), "kube-vip needs a virtual IP that belongs to no node; set loadBalancer.virtualIP, or use it as the host of controlPlaneEndpoint")
		}
		return
	}
	addr := c.VirtualIP()
	if !addr.IsValid() {
		c.Errorf(p, "%s is not an IP address", yamlfile.Quote(vip))
		return
	}
	if fault := addrFault(addr); fault != "" {
		c.Errorf(p, "%s %s", yamlfile.Quote(vip), fault)
		return
	}
	if len(c.families) > 0 && !slices.Contains(c.families, familyOf(addr)) {
		c.Errorf(p, "%s is %s, but the nodes' addresses are %s", addr, familyOf(addr), c.families)
	}
	for _, n := range c.Nodes {
		if slices.Contains(n.Addresses(), addr) {
			c.Errorf(p, "%s is the address of %s; choose one that no machine has", addr, n.Name)
		}
	}
}

var interfaceName = regexp.MustCompile(`^[A-Za-z0-9._-]{1,15}$`)

func (c *checker) checkInterface(p yamlfile.Path, name string) {
	if !interfaceName.MatchString(name) || name == "." || name == ".." {
		c.Errorf(p, "%s is not the name of a network interface, such as eth0", yamlfile.Quote(name))
	} else if name == "lo" {
		c.Errorf(p, "lo leads to no other machine; write one such as eth0")
	}
}
