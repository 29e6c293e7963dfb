package spec

import (
	"cmp"
	"encoding/pem"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"kindling/generator/internal/distro"
	"kindling/generator/internal/kubernetes"
	"kindling/generator/internal/provider"
	"kindling/generator/internal/snippet"
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

// OfflineCAs reports whether no machine has a private key of an authority.
func (c *Cluster) OfflineCAs() bool { return c.PKI.CAKeys == offline }

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

// UsesProxy reports whether machines reach what is outside by a proxy.
func (c *Cluster) UsesProxy() bool { return c.Proxy.http != nil || c.Proxy.https != nil }

// For is the proxy for URLs of a scheme, http or https; nil without one.
func (p Proxy) For(scheme string) *url.URL {
	if scheme == "https" {
		return p.https
	}
	return p.http
}

// KeepsSwap reports whether the node's kubelet is configured to run on a machine with swap. A flag wins over the node's own
// configuration, and that over the cluster's.
func (c *Cluster) KeepsSwap(n Node) bool {
	if n.Role == EtcdMember {
		return false // its kubelet runs nothing but etcd
	}
	for _, arg := range slices.Backward(slices.Concat(c.ExtraArgs.Kubelet, n.ExtraArgs.Kubelet)) {
		if arg.Name == "fail-swap-on" {
			fails, err := strconv.ParseBool(arg.Value)
			return err == nil && !fails
		}
	}
	for _, fields := range []map[string]any{n.KubeletConfiguration, c.KubeletConfiguration} {
		if fails, ok := fields["failSwapOn"]; ok {
			return fails == false
		}
	}
	return false
}

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

// SplitsSecrets reports whether machines fetch their keys from elsewhere than their documents.
func (c *Cluster) SplitsSecrets() bool { return c.Secrets.Delivery == split }

// SecretURL is where a machine finds its secret part.
func (c *Cluster) SecretURL(n Node) string {
	return cmp.Or(n.SecretURL, strings.TrimRight(c.Secrets.URL, "/")+"/"+n.Name)
}

// Authorities are the certificates of caFile, in PEM.
func (s Secrets) Authorities() []byte { return s.authorities }

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

// OwnerExceptRoot is the owner, and empty for root.
func (f File) OwnerExceptRoot() string {
	if slices.Contains([]string{"root", "root:root", "0", "0:0"}, f.Owner) {
		return ""
	}
	return f.Owner
}

// For reports whether a node gets the snippet in documents of the snippet's format.
func (s Snippet) For(n Node) bool {
	fits := s.document.Variant == "" || s.document.Variant == n.System().ButaneVariant
	return fits && s.names(n)
}

// names reports whether the snippet is for a node, whatever its format.
func (s Snippet) names(n Node) bool {
	if len(s.Nodes) > 0 {
		return slices.Contains(s.Nodes, n.Name)
	}
	return len(s.Roles) == 0 || slices.Contains(s.Roles, n.Role)
}

// Document is what the snippet says.
func (s Snippet) Document() snippet.Snippet { return s.document }

// Data is the content of the snippet's file.
func (s Snippet) Data() []byte { return s.data }

// Perm is the mode as a number, such as 0o644.
func (f File) Perm() int { return f.perm }
