package spec

import (
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
	for i, arg := range c.ExtraArgs.APIServer {
		if lb.Provider == "haproxy" && arg.Name == "anonymous-auth" && arg.Value == "false" {
			c.Errorf(at("extraArgs", "apiServer", i), "HAProxy asks an API server for /readyz without a credential, and would take none into service; remove the flag, or write `loadBalancer: {provider: external}`")
		}
	}
}

func (c *checker) checkBalancers() {
	isBalancer := func(n Node) bool { return n.Role == LoadBalance }
	if i := slices.IndexFunc(c.Nodes, isBalancer); c.LoadBalancer.Provider != "haproxy" && i >= 0 {
		c.Errorf(at("nodes", i, "role"), "needs `loadBalancer: {provider: haproxy}`, and the provider is %s; write this, or give the node another role", c.LoadBalancer.Provider)
	}
	if port := c.LoadBalancer.Port; c.BalancesOnControlPlanes() && slices.Contains(controlPlanePorts, port) {
		c.Errorf(at("loadBalancer", "port"), "without a node of role load-balancer HAProxy is on the control planes, where port %d is taken; write another, such as 8443, in controlPlaneEndpoint, or add such a node", port)
	}
}

// controlPlanePorts are taken on every control plane: etcd's, the API server's, kubelet's, kube-proxy's, the controller
// manager's and the scheduler's.
var controlPlanePorts = []int{2379, 2380, 2381, 6443, 10248, 10249, 10250, 10256, 10257, 10259}

func (c *checker) checkVirtualIP() {
	p, vip := at("loadBalancer", "virtualIP"), c.LoadBalancer.VirtualIP
	if vip == "" {
		if c.LoadBalancer.Provider == "kube-vip" && c.Sound("controlPlaneEndpoint") {
			c.Errorf(at("loadBalancer", "provider"), "kube-vip needs a virtual IP that is no node's own; set loadBalancer.virtualIP, or make it the host of controlPlaneEndpoint")
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
			c.Errorf(p, "%s is the own address of %s; choose one that no machine has", addr, n.Name)
		}
	}
}

var interfaceName = regexp.MustCompile(`^[A-Za-z0-9._-]{1,15}$`)

func (c *checker) checkInterface(p yamlfile.Path, name string) {
	if !interfaceName.MatchString(name) {
		c.Errorf(p, "%s is not the name of a network interface, such as eth0", yamlfile.Quote(name))
	}
}
