package spec

import (
	"cmp"
	"net"
	"net/netip"
	"strconv"
	"strings"

	"kindling/generator/internal/distro"
	"kindling/generator/internal/kubernetes"
	"kindling/generator/internal/provider"
)

// clusterValues follow from the fields of a Cluster. Load computes them once.
type clusterValues struct {
	version kubernetes.Version
	// The host of an IPv6 endpoint has no brackets.
	endpointHost, endpointPort                         string
	virtualIP                                          netip.Addr
	controlPlanes, workers, loadBalancers, etcdMembers []Node
	// trustedCAs is the content of trustedCAFile.
	trustedCAs []byte
	// local says that local files were read.
	local bool
}

// nodeValues follow from the fields of a Node and its Cluster.
type nodeValues struct {
	addresses      []netip.Addr
	system         *distro.OS
	provider       provider.Provider
	installMethod  string
	companions     kubernetes.Companions
	joinsWithToken bool
}

// ManifestKind says where a manifest is.
type ManifestKind int

// The kinds of manifests.
const (
	NoManifest     ManifestKind = iota // `manifest: none`
	LocalManifest                      // a file next to cluster.yaml
	RemoteManifest                     // a URL that the machine fetches
)

// parseValues reads the values that defaults depend on. An invalid one stays zero, and validate says why.
func parseValues(c *Cluster) {
	r := &c.resolved
	r.version, _ = kubernetes.ParseVersion(c.KubernetesVersion)
	r.endpointHost, r.endpointPort, _ = net.SplitHostPort(c.ControlPlaneEndpoint)
	for i := range c.Nodes {
		c.Nodes[i].resolved.addresses = parseAddresses(c.Nodes[i].Address)
	}
}

func parseAddresses(list string) []netip.Addr {
	var addrs []netip.Addr
	for text := range strings.SplitSeq(list, ",") {
		if addr, err := netip.ParseAddr(text); err == nil {
			addrs = append(addrs, addr)
		}
	}
	return addrs
}

// resolve computes the values that follow from the fields and their defaults.
func resolve(c *Cluster) {
	c.resolved.virtualIP, _ = netip.ParseAddr(c.LoadBalancer.VirtualIP)
	c.Network.resolve()
	c.Proxy.http, _ = parseProxy(c.Proxy.HTTP)
	c.Proxy.https, _ = parseProxy(c.Proxy.HTTPS)
	resolveManifest(&c.CNI)
	for i := range c.Addons {
		resolveManifest(&c.Addons[i])
	}
	resolveModes(c.ExtraFiles)
	systems := map[string]*distro.OS{}
	for i := range c.Nodes {
		n := &c.Nodes[i]
		n.resolved.system = system(systems, string(cmp.Or(n.OS, c.OS)))
		n.resolved.provider, _ = provider.Lookup(string(cmp.Or(n.Provider, c.Provider)))
		n.resolved.installMethod = installMethod(c, n)
		n.resolved.companions = companions(c, n)
		n.Network.resolve()
		n.resolved.joinsWithToken = n.Role == Worker && (n.Any() || c.WorkerIdentity == "token")
		resolveModes(n.ExtraFiles)
	}
	resolveRoles(c)
}

func resolveManifest(m *Manifest) {
	switch {
	case m.Manifest == noManifest:
		m.kind = NoManifest
	case strings.Contains(m.Manifest, "://"):
		m.kind = RemoteManifest
	default:
		m.kind = LocalManifest
	}
}

func resolveModes(files []File) {
	for i := range files {
		perm, _ := strconv.ParseUint(files[i].Mode, 8, 32)
		files[i].perm = int(perm)
	}
}

// system returns one value for all nodes that run the same operating system.
func system(known map[string]*distro.OS, name string) *distro.OS {
	if known[name] == nil {
		os, _ := distro.Lookup(name)
		known[name] = &os
	}
	return known[name]
}

func installMethod(c *Cluster, n *Node) string {
	if n.Install != nil && n.Install.Method != "" {
		return n.Install.Method
	}
	return c.Install.Method
}

// companions are the node's own versions, the cluster's, or those that the Kubernetes version is installed with.
func companions(c *Cluster, n *Node) kubernetes.Companions {
	own, tested := new(Install), c.Version().TestedWith()
	if n.Install != nil {
		own = n.Install
	}
	return kubernetes.Companions{
		Containerd: cmp.Or(own.Versions.Containerd, c.Install.Versions.Containerd, tested.Containerd),
		Runc:       cmp.Or(own.Versions.Runc, c.Install.Versions.Runc, tested.Runc),
		CNI:        cmp.Or(own.Versions.CNI, c.Install.Versions.CNI, tested.CNI),
		Crictl:     cmp.Or(own.Versions.Crictl, c.Install.Versions.Crictl, tested.Crictl),
	}
}

// resolveRoles comes last because it copies the nodes.
func resolveRoles(c *Cluster) {
	r := &c.resolved
	r.controlPlanes, r.workers = withRole(c.Nodes, ControlPlane), withRole(c.Nodes, Worker)
	r.loadBalancers, r.etcdMembers = withRole(c.Nodes, LoadBalance), withRole(c.Nodes, c.etcdRole())
}

// etcdRole is the role of the nodes that run etcd.
func (c *Cluster) etcdRole() string {
	if c.ExternalEtcd() {
		return EtcdMember
	}
	return ControlPlane
}

func withRole(nodes []Node, role string) []Node {
	found := make([]Node, 0, countRole(nodes, role))
	for _, n := range nodes {
		if n.Role == role {
			found = append(found, n)
		}
	}
	return found
}

func countRole(nodes []Node, role string) int {
	count := 0
	for i := range nodes {
		if nodes[i].Role == role {
			count++
		}
	}
	return count
}
