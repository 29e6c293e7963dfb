package machines

import (
	"cmp"
	"fmt"
	"io/fs"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"go.yaml.in/yaml/v4"

	"kindling/e2e/internal/firstboot"
	"kindling/e2e/internal/kindling"
	"kindling/e2e/internal/rig"
)

// The addresses of the rig's own services, in the network that all specs here use.
var (
	nameServer   = surrounding{netip.MustParsePrefix("10.0.0.1/24"), netip.MustParsePrefix("fd00::1/64")}
	loadBalancer = surrounding{netip.MustParsePrefix("10.0.0.2/24"), netip.MustParsePrefix("fd00::2/64")}
	fileServer   = surrounding{netip.MustParsePrefix("10.0.0.3/24"), netip.MustParsePrefix("fd00::3/64")}
)

// A surrounding is a service's address in either family.
type surrounding struct{ four, six netip.Prefix }

// A cluster is the machines of a spec in a rig, with everything that its operator has.
type cluster struct {
	*rig.Rig
	t         *testing.T
	spec      clusterSpec
	documents kindling.Documents
	endpoint  string // what controlPlaneEndpoint leads to
	admin     admin
}

// A clusterSpec is what the tests need to know from cluster.yaml.
type clusterSpec struct {
	KubernetesVersion    string `yaml:"kubernetesVersion"`
	ControlPlaneEndpoint string `yaml:"controlPlaneEndpoint"`
	LoadBalancer         struct {
		VirtualIP string `yaml:"virtualIP"`
	} `yaml:"loadBalancer"`
	Nodes []node
}

type node struct {
	Name, Role, Address, Count, OS string
	// pool is the name of the node whose document this machine shares with others.
	pool string
}

// sharedPKI saves the tests from making keys.
var sharedPKI = filepath.Join(kindling.Source(), "testdata/pki/p256")

// generate makes the documents of a spec in testdata.
func generate(t *testing.T, spec string) kindling.Documents {
	t.Helper()
	return generateWith(t, spec, sharedPKI)
}

// generateWith makes the documents with a copy of a PKI.
func generateWith(t *testing.T, spec, pki string) kindling.Documents {
	t.Helper()
	documents, err := kindling.Generate(t, filepath.Join("testdata", spec), pki)
	if err != nil {
		t.Fatal(err)
	}
	return documents
}

// newCluster adds the machines of a spec with their documents. change, if not nil, may alter each machine.
func newCluster(t *testing.T, documents kindling.Documents, change func(*cluster, *rig.Machine)) *cluster {
	t.Helper()
	c := &cluster{t: t, spec: readSpec(t, documents.Spec()), documents: documents}
	c.fillPools()
	c.Rig = rig.New(t, rig.Release(c.spec.KubernetesVersion))
	c.serveEndpoint()
	c.ServeFiles(c.at(fileServer), podNetworks(t))
	for _, n := range c.spec.Nodes {
		m := c.machine(n)
		if change != nil {
			change(c, &m)
		}
		c.Add(m)
	}
	c.admin = newAdmin(c)
	return c
}

// serveEndpoint lets controlPlaneEndpoint lead to the cluster's own load balancer or, if it has none, to the rig's.
func (c *cluster) serveEndpoint() {
	host, port, _ := strings.Cut(c.spec.ControlPlaneEndpoint, ":")
	at, err := netip.ParseAddr(cmp.Or(c.spec.LoadBalancer.VirtualIP, host))
	if err != nil {
		at = c.at(loadBalancer).Addr()
		if balancers := c.firstAddresses("load-balancer"); len(balancers) > 0 {
			at = balancers[0]
		}
	}
	c.ServeNames(c.at(nameServer), map[string]netip.Addr{host: at})
	if len(c.names("load-balancer")) == 0 {
		c.BalanceLoad(c.at(loadBalancer), c.firstAddresses("control-plane")...)
	}
	c.endpoint = net.JoinHostPort(at.String(), port)
}

// etcdMembers returns the names of the machines with etcd.
func (c *cluster) etcdMembers() []string {
	if external := c.names("etcd"); len(external) > 0 {
		return external
	}
	return c.names("control-plane")
}

// fillPools replaces each pool with two machines.
func (c *cluster) fillPools() {
	var nodes []node
	for i, n := range c.spec.Nodes {
		if n.Count == "" {
			nodes = append(nodes, n)
			continue
		}
		for j := range 2 {
			var addresses []string
			for _, other := range c.spec.Nodes[0].addresses() {
				network := "10.0.0."
				if other.Is6() {
					network = "fd00::"
				}
				addresses = append(addresses, network+strconv.Itoa(100+10*i+j))
			}
			nodes = append(nodes, node{Name: fmt.Sprintf("%s-%d", n.Name, j), Role: n.Role, Address: strings.Join(addresses, ","), pool: n.Name})
		}
	}
	c.spec.Nodes = nodes
}

// podNetworks returns the manifests on the file server. In dual stack with IPv6 first, kube-router does not announce IPv4 to
// its peers. There it sets up the network on each node, and flannel the routes between nodes.
func podNetworks(t *testing.T) fs.FS {
	flannel, kubeRouter := readFile(t, "testdata/flannel.yaml"), readFile(t, "testdata/kube-router.yaml")
	return fstest.MapFS{
		"flannel.yaml":            {Data: []byte(flannel)},
		"kube-router-ipv6.yaml":   {Data: replaced(t, kubeRouter, "--enable-ipv4=true", "--enable-ipv4=false")},
		"kube-router-local.yaml":  {Data: replaced(t, kubeRouter, "--enable-ipv4=true", "--enable-ipv4=true, --enable-ibgp=false")},
		"flannel-dual-stack.yaml": {Data: replaced(t, flannel, "10-flannel.conflist", "flannel.unused", `"Network": "192.168.0.0/16"`, `"Network": "10.244.0.0/16", "EnableIPv6": true, "IPv6Network": "fd00:10:244::/56"`)},
	}
}

// replaced returns a text with each old part replaced by the new one that follows it.
func replaced(t *testing.T, text string, oldnew ...string) []byte {
	t.Helper()
	for i := 0; i < len(oldnew); i += 2 {
		if strings.Count(text, oldnew[i]) != 1 {
			t.Fatalf("%q occurs %d times, want once", oldnew[i], strings.Count(text, oldnew[i]))
		}
		text = strings.Replace(text, oldnew[i], oldnew[i+1], 1)
	}
	return []byte(text)
}

func readFile(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func readSpec(t *testing.T, name string) clusterSpec {
	t.Helper()
	var spec clusterSpec
	if err := yaml.Unmarshal([]byte(readFile(t, name)), &spec); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return spec
}

// machine returns the machine for a node, as its owner would set it up.
func (c *cluster) machine(n node) rig.Machine {
	m := rig.Machine{
		Name:       n.Name,
		Gateways:   []netip.Addr{nameServer.four.Addr(), nameServer.six.Addr()},
		Nameserver: c.at(nameServer).Addr(),
		Ignition:   c.documents.File(c.t, n.document(), "config.ign"),
	}
	for _, address := range n.addresses() {
		m.Addresses = append(m.Addresses, netip.PrefixFrom(address, c.prefixLength(address)))
	}
	if m.Ignition == nil {
		m.Seed = firstboot.Seed{
			"user-data": c.documents.UserData(c.t, n.document()),
			"meta-data": c.documents.File(c.t, n.document(), "meta-data"),
		}
		if network := c.documents.File(c.t, n.document(), "network-config"); network != nil {
			m.Seed["network-config"] = network
		}
	}
	if n.pool != "" { // its name comes from its cloud
		m.Seed["meta-data"] = fmt.Appendf(nil, "instance-id: i-%s\nlocal-hostname: %[1]s\n", n.Name)
	}
	return m
}

// document returns the name of the node whose document the machine has.
func (n node) document() string { return cmp.Or(n.pool, n.Name) }

// at returns the address of one of the rig's services, in the address family that the cluster's machines have first.
func (c *cluster) at(s surrounding) netip.Prefix {
	if c.spec.Nodes[0].addresses()[0].Is6() {
		return s.six
	}
	return s.four
}

func (c *cluster) prefixLength(address netip.Addr) int {
	if address.Is6() {
		return nameServer.six.Bits()
	}
	return nameServer.four.Bits()
}

func (n node) addresses() []netip.Addr {
	var addresses []netip.Addr
	for text := range strings.SplitSeq(n.Address, ",") {
		addresses = append(addresses, netip.MustParseAddr(text))
	}
	return addresses
}

// names returns the names of the nodes with a role, or of all nodes if role is empty.
func (c *cluster) names(role string) []string {
	var names []string
	for _, n := range c.spec.Nodes {
		if role == "" || n.Role == role {
			names = append(names, n.Name)
		}
	}
	return names
}

func (c *cluster) node(name string) node {
	for _, n := range c.spec.Nodes {
		if n.Name == name {
			return n
		}
	}
	panic(fmt.Sprintf("no node %s", name))
}

func (c *cluster) firstAddresses(role string) []netip.Addr {
	var addresses []netip.Addr
	for _, name := range c.names(role) {
		addresses = append(addresses, c.node(name).addresses()[0])
	}
	return addresses
}

// run runs a command on a machine, and fails the test if the command fails.
func (c *cluster) run(name string, command ...string) string {
	c.t.Helper()
	out, err := c.Exec(name, command...)
	if err != nil {
		c.t.Fatalf("%s on %s: %v\n%s", strings.Join(command, " "), name, err, out)
	}
	return out
}

// wipe cuts the power of machines and gives them empty disks.
func (c *cluster) wipe(names ...string) {
	c.t.Helper()
	c.powerOff(names...)
	for _, name := range names {
		c.Wipe(name)
	}
}

// powerOff cuts the power of several machines.
func (c *cluster) powerOff(names ...string) {
	c.t.Helper()
	for _, name := range names {
		c.PowerOff(name)
	}
}
