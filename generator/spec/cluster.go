package spec

import (
	"encoding/pem"
	"net/netip"
	"slices"
	"strings"

	"kindling/generator/internal/distro"
	"kindling/generator/internal/kubernetes"
	"kindling/generator/internal/provider"
)

// Version is kubernetesVersion.
func (c *Cluster) Version() kubernetes.Version { return c.resolved.version }

// EndpointHost is the host of controlPlaneEndpoint, an IPv6 address without brackets.
func (c *Cluster) EndpointHost() string { return c.resolved.endpointHost }

// ServiceRanges are the ranges of networking.serviceSubnet, the primary one first.
func (c *Cluster) ServiceRanges() []netip.Prefix {
	var ranges []netip.Prefix
	for part := range strings.SplitSeq(c.Networking.ServiceSubnet, ",") {
		if prefix, err := netip.ParsePrefix(part); err == nil {
			ranges = append(ranges, prefix)
		}
	}
	return ranges
}

// ControlPlanes are the nodes of this role, in the order of the file.
func (c *Cluster) ControlPlanes() []Node { return c.resolved.controlPlanes }

// Workers are the nodes of this role, including those with `count: any`, in the order of the file.
func (c *Cluster) Workers() []Node { return c.resolved.workers }

// LoadBalancers are the nodes of this role, in the order of the file.
func (c *Cluster) LoadBalancers() []Node { return c.resolved.loadBalancers }

// EtcdMembers are the nodes that run etcd: the control planes or, with external etcd, the nodes of role etcd.
func (c *Cluster) EtcdMembers() []Node { return c.resolved.etcdMembers }

// ExternalEtcd reports whether etcd has its own machines.
func (c *Cluster) ExternalEtcd() bool { return c.Etcd.Topology == "external" }

// VirtualIP is the address that the load balancers share; the zero Addr if there is none.
func (c *Cluster) VirtualIP() netip.Addr { return c.resolved.virtualIP }

// BalancesOnControlPlanes reports whether HAProxy has no machines of its own, and runs as a static pod on each control plane.
func (c *Cluster) BalancesOnControlPlanes() bool {
	return c.LoadBalancer.Provider == "haproxy" && len(c.LoadBalancers()) == 0
}

// UsesKubeVIP reports whether kube-vip runs as a static pod on each control plane, to hold the virtual IP on one of them.
func (c *Cluster) UsesKubeVIP() bool {
	return c.LoadBalancer.Provider == "kube-vip" || c.BalancesOnControlPlanes() && c.VirtualIP().IsValid()
}

// Any reports whether the node stands for any number of machines.
func (n Node) Any() bool { return n.Count == CountAny }

// Addresses are the node's IP addresses, the primary one first. A node with `count: any` has none.
func (n Node) Addresses() []netip.Addr { return n.resolved.addresses }

// System is the node's operating system: its own os, or the cluster's.
func (n Node) System() distro.OS { return *n.resolved.system }

// Platform is where the machine runs: its own provider, or the cluster's.
func (n Node) Platform() provider.Provider { return n.resolved.provider }

// InstallMethod is that of the node's own install, or the cluster's.
func (n Node) InstallMethod() string { return n.resolved.installMethod }

// Companions are the releases of the programs that the node needs beside Kubernetes' own.
func (n Node) Companions() kubernetes.Companions { return n.resolved.companions }

// JoinsWithToken reports whether the node is a worker that joins with the bootstrap token, not with its own certificate.
func (n Node) JoinsWithToken() bool { return n.resolved.joinsWithToken }

// NetworkOf is the node's own static network configuration, or the cluster's; nil without one. A pool's machines have no address to give
// them.
func (c *Cluster) NetworkOf(n Node) *Network {
	switch {
	case n.Any():
		return nil
	case n.Network != nil:
		return n.Network
	}
	return c.Network
}

// GatewayAddr is the gateway.
func (n Network) GatewayAddr() netip.Addr { return n.gateway }

// Kind is where the manifest is.
func (m Manifest) Kind() ManifestKind { return m.kind }

// ReadLocal reports whether [Load] had the files that the cluster names. Without them it can be described, but no documents made.
func (c *Cluster) ReadLocal() bool { return c.resolved.local }

// LocalFile is a file beside cluster.yaml.
type LocalFile struct {
	// Name is the last element of its path.
	Name string
	Data []byte
}

// Files are the patches of the directory, by name.
func (p Patches) Files() []LocalFile { return p.files }

// Data is the content of a local manifest.
func (m Manifest) Data() []byte { return m.data }

// Authorities are the certificates of caFile, in PEM.
func (r Registry) Authorities() []byte { return r.authorities }

// TrustedCAs are the certificates of trustedCAFile, each in PEM.
func (c *Cluster) TrustedCAs() [][]byte {
	var certificates [][]byte
	for rest := c.resolved.trustedCAs; ; {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			return certificates
		}
		if block.Type == "CERTIFICATE" {
			certificates = append(certificates, pem.EncodeToMemory(&pem.Block{Type: block.Type, Bytes: block.Bytes}))
		}
	}
}

// Data is what the file shall hold.
func (f File) Data() []byte {
	if f.Source != "" {
		return f.data
	}
	return []byte(f.Content)
}

// For reports whether a node of this role gets the file.
func (f File) For(role string) bool { return len(f.Roles) == 0 || slices.Contains(f.Roles, role) }

// Perm is the mode as a number, such as 0o644.
func (f File) Perm() int { return f.perm }
