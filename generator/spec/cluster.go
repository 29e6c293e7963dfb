package spec

import (
	"cmp"
	"net"
	"net/netip"
	"strings"

	"kindling/generator/internal/distro"
	"kindling/generator/internal/kubernetes"
)

// Version is kubernetesVersion, parsed.
func (c *Cluster) Version() kubernetes.Version {
	v, _ := kubernetes.ParseVersion(c.KubernetesVersion)
	return v
}

// EndpointHostPort splits controlPlaneEndpoint. The host of an IPv6 endpoint comes without brackets.
func (c *Cluster) EndpointHostPort() (host, port string) {
	host, port, _ = net.SplitHostPort(c.ControlPlaneEndpoint)
	return host, port
}

// ControlPlanes are the nodes of this role, in the order of the file.
func (c *Cluster) ControlPlanes() []Node { return c.withRole(ControlPlane) }

// Workers are the nodes of this role, `count: any` included, in the order of the file.
func (c *Cluster) Workers() []Node { return c.withRole(Worker) }

// LoadBalancers are the nodes of this role, in the order of the file.
func (c *Cluster) LoadBalancers() []Node { return c.withRole(LoadBalance) }

// BalancesOnControlPlanes tells whether HAProxy is a static pod on each control plane, for want of machines of its own.
func (c *Cluster) BalancesOnControlPlanes() bool {
	return c.LoadBalancer.Provider == "haproxy" && len(c.LoadBalancers()) == 0
}

// UsesKubeVIP tells whether kube-vip is a static pod on each control plane, since the virtual IP is to be on one of them.
func (c *Cluster) UsesKubeVIP() bool {
	return c.LoadBalancer.Provider == "kube-vip" || c.BalancesOnControlPlanes() && c.LoadBalancer.VirtualIP != ""
}

// EtcdMembers are the nodes that run etcd: the control planes, or with external topology the nodes of role etcd.
func (c *Cluster) EtcdMembers() []Node {
	if c.Etcd.Topology == "external" {
		return c.withRole(EtcdMember)
	}
	return c.withRole(ControlPlane)
}

func (c *Cluster) withRole(role string) []Node {
	var nodes []Node
	for _, n := range c.Nodes {
		if n.Role == role {
			nodes = append(nodes, n)
		}
	}
	return nodes
}

// NodeOS is the node's own os or else the cluster's.
func (c *Cluster) NodeOS(n Node) string { return cmp.Or(n.OS, c.OS) }

// NodeInstall is the node's own install or else the cluster's or else the default of the node's os.
func (c *Cluster) NodeInstall(n Node) Install {
	if n.Install != nil && n.Install.Method != "" {
		return *n.Install
	}
	if c.Install.Method != "" {
		return c.Install
	}
	if os, _ := distro.Lookup(c.NodeOS(n)); os.ReadOnlyUsr {
		return Install{Method: "binaries"}
	}
	return Install{Method: "packages"}
}

// NodeIdentity is the credential with which a worker joins: the cluster's workerIdentity, but token for `count: any`.
func (c *Cluster) NodeIdentity(n Node) string {
	if n.Any() {
		return "token"
	}
	return c.WorkerIdentity
}

// Any tells whether the node stands for any number of machines.
func (n Node) Any() bool { return n.Count == CountAny }

// Addresses are the node's IP addresses, the primary one first. There are none with `count: any`.
func (n Node) Addresses() []netip.Addr {
	var addrs []netip.Addr
	for text := range strings.SplitSeq(n.Address, ",") {
		if addr, err := netip.ParseAddr(text); err == nil {
			addrs = append(addrs, addr)
		}
	}
	return addrs
}
