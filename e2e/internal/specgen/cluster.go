package specgen

import (
	"fmt"
	"regexp"
	"strings"
)

// balance is what stands behind controlPlaneEndpoint.
type balance struct {
	provider, endpoint, virtualIP string
	port                          int
}

// cluster is the whole file.
func (m *maker) cluster() object {
	m.families = pick(&m.stream, []int{4}, []int{4}, []int{6}, []int{4, 6}, []int{6, 4})
	m.block = m.below(len(blocks))
	external := m.one(3)
	m.roles(external)
	m.balancing()

	var c object
	c.set("apiVersion", "kindling/v1alpha1")
	c.set("kind", "Cluster")
	c.set("name", pick(&m.stream, labels...))
	c.set("kubernetesVersion", m.version)
	c.set("controlPlaneEndpoint", m.balance.endpoint)
	if m.one(3) {
		c.set("certSANs", m.strings(3, "k8s.example.com", "203.0.113.7", "*.example.com", "2001:db8::1", "FD00:0::1", "a", "0", "1e3", "xn--bcher-kva.example", "true"))
	}
	if m.one(3) {
		c.set("imageRepository", pick(&m.stream, "registry.example.com/k8s", "registry.example.com:5000/a__b/c-d", "10.0.0.5:80", "localhost", "1.2.3.4/a.b"))
	}
	m.setImages(&c)
	if m.one(2) {
		c.set("networking", m.networking())
	}
	if m.one(3) {
		c.set("kubeProxy", m.kubeProxy())
	}
	c.set("etcd", m.etcd(external))
	if m.one(2) {
		c.set("pki", m.pki())
	}
	if m.one(3) {
		c.set("bootstrapToken", object{{"ttl", pick(&m.stream, "48h", "0s", "0", "10m", "1.5h", "24h30m", "100h0m0.5s", "9999h", "1h1us")}})
	}
	if m.one(3) {
		c.set("workerIdentity", pick(&m.stream, "node-certificate", "token"))
	}
	if lb := m.loadBalancer(); len(lb) > 0 {
		c.set("loadBalancer", lb)
	}
	c.set("cni", m.cni())
	if m.one(4) {
		c.set("addons", []any{m.manifest("addon 0.yaml"), m.manifest("addon-1.yaml")}[:1+m.below(2)])
	}
	if m.one(3) {
		c.set("timeServers", m.strings(3, "ntp.example.com", "10.0.0.2", "fd00::2", "FD00::00:2", "0.pool.example", "time", "1e3", "192.0.2.255"))
	}
	m.setNetwork(&c, "all")
	if m.one(6) {
		c.set("proxy", m.proxy())
	}
	if m.one(8) {
		c.set("trustedCAFile", m.local("ca ä.pem", authority))
	}
	if m.one(3) {
		c.set("provider", pick(&m.stream, "metal", "libvirt", "proxmox", "gcp", "vsphere", "digitalocean", "azure", "openstack", "hetzner"))
	}
	c.set("os", "ubuntu")
	c.set("install", m.install("packages"))
	if m.one(5) {
		c.set("mirrors", m.mirrors())
	}
	if m.one(4) {
		c.set("registries", m.registries())
	}
	if m.one(3) {
		c.set("kubeletConfiguration", m.kubeletConfiguration())
	}
	if m.one(4) {
		c.set("featureGates", object{{"MemoryQoS", m.one(2)}, {pick(&m.stream, "AllAlpha", "AllBeta", "APIServerIdentity", "CustomCPUCFSQuotaPeriod"), m.one(2)}})
	}
	if m.one(2) {
		c.set("extraArgs", m.extraArgs())
	}
	if m.one(3) {
		c.set("extraVolumes", m.extraVolumes())
	}
	if m.one(4) {
		c.set("patches", m.patches())
	}
	if m.one(2) {
		c.set("extraFiles", m.extraFiles("", 3))
	}
	if list := m.snippets(); len(list) > 0 && m.one(4) {
		c.set("snippets", list)
	}
	if m.one(6) {
		c.set("pxe", m.pxe())
	}
	if m.one(3) {
		c.set("extraSteps", m.extraSteps())
	}
	if m.one(3) {
		c.set("sshAuthorizedKeys", m.authorizedKeys())
	}
	nodes := m.nodeList()
	c.set("nodes", nodes)
	// What needs a cluster that signs, or has said where the CAs' keys are.
	signs := regexp.MustCompile(`\{(rotateCertificates|workerIdentity token|count any|pki) ?`)
	if !signs.MatchString(fmt.Sprint(c)) && m.one(2) {
		c.set("pki", object{{"caKeys", "offline"}})
	}
	if m.one(4) {
		secrets := object{{"delivery", "split"}, {"url", pick(&m.stream, "https://secrets.example.com/demo", "https://10.0.0.1:8443", "https://[fd00::1]/a%20b/")}}
		if m.one(2) {
			secrets.set("caFile", m.local("secrets ca.pem", authority))
		}
		c.set("secrets", secrets)
		for i := range nodes {
			if m.one(4) {
				nodes[i] = append(nodes[i].(object), field{"secretURL", fmt.Sprintf("https://bucket.example.com/%d?X-Signature=%d", i, i)})
			}
		}
	}
	if m.one(3) {
		c.set("metadataAddresses", m.strings(3, "169.254.169.254", "100.100.100.200", "fd00:ec2::254", "FE80::0:A9FE:A9FE", "10.0.0.1", "192.0.2.255"))
	}
	return c
}

func (m *maker) setImages(c *object) {
	var images object
	if m.one(4) {
		images.set("kubeVIP", pick(&m.stream, "registry.example.com/kube-vip/kube-vip:v1.2.2", "registry.example.com:5000/a@sha256:"+sum, "r/a__b:1", "r/k:0777"))
	}
	if m.one(4) {
		images.set("haproxy", pick(&m.stream, "registry.example.com/library/haproxy:3.2.18", "1.2.3.4:80/h:on@sha256:"+sum, "r/h:_.-"))
	}
	if images != nil {
		c.set("images", images)
	}
}

// sum is a SHA-256.
const sum = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"

func (m *maker) networking() object {
	ranges := func(four, six []string) string {
		var list []string
		for _, family := range m.families {
			list = append(list, pick(&m.stream, map[int][]string{4: four, 6: six}[family]...))
		}
		return strings.Join(list, ",")
	}
	var o object
	if m.one(2) {
		o.set("podSubnet", ranges([]string{"10.244.0.0/16", "10.244.0.0/20", "11.0.0.0/8", "100.96.0.0/13"}, []string{"fd00:10:244::/56", "FD00:10:244::/48", "2001:db8:4::/52"}))
	}
	if m.one(2) {
		o.set("serviceSubnet", ranges([]string{"10.97.0.0/16", "10.112.0.0/12", "10.97.0.16/28"}, []string{"fd00:10:97::/112", "fd00:10:97:0::/108", "fd00:10:97::40/124"}))
	}
	if m.one(2) {
		o.set("dnsDomain", pick(&m.stream, append([]string{"demo.local", "cluster.example", "a.1.2", "1.5"}, labels...)...))
	}
	return o
}

func (m *maker) kubeProxy() object {
	if m.minor >= 31 && m.one(2) {
		return object{{"disabled", true}}
	}
	modes := []string{"iptables", "ipvs"}
	if m.minor >= 31 {
		modes = append(modes, "nftables")
	}
	return object{{"disabled", false}, {"mode", pick(&m.stream, modes...)}}[m.below(2):]
}

func (m *maker) etcd(external bool) object {
	members := 0
	for _, n := range m.nodes {
		if external && n.role == "etcd" || !external && n.role == "control-plane" {
			members++
		}
	}
	o := object{{"topology", map[bool]string{false: "stacked", true: "external"}[external]}}
	if m.one(3) {
		o.set("dataDir", pick(&m.stream, "/data/etcd", "/var/lib/etcd/data", "/srv/0", "/a", "/mnt/1_000.x-y", "/var/lib/etcd2", "/-"))
	}
	if m.one(3) {
		o.set("initialClusterState", pick(&m.stream, "new", "existing"))
	}
	if m.one(3) {
		o.set("bootstrapExpect", members-m.below(members-members/2))
	}
	return o
}

func (m *maker) pki() object {
	var o object
	algorithms := []string{"ECDSA-P256", "ECDSA-P256", "ECDSA-P256", "ECDSA-P256", "ECDSA-P256", "ECDSA-P256", "RSA-2048"} // RSA takes seconds
	if m.minor >= 34 || m.minor < 31 {
		algorithms = append(algorithms, "ECDSA-P384")
	}
	if m.one(2) {
		o.set("algorithm", pick(&m.stream, algorithms...))
	}
	if m.one(2) {
		o.set("caKeys", "control-plane")
	}
	if m.minor >= 31 && m.one(2) {
		o.set("certificateValidityPeriod", pick(&m.stream, "2160h", "8760h", "8760h0m1s", "1h", "87600h"))
	} else if m.one(3) {
		o.set("certificateValidityPeriod", "8760h")
	}
	if m.one(2) {
		o.set("caCertificateValidityPeriod", pick(&m.stream, "87600h", "175200h", "90000h30m"))
	}
	return o
}

// balancing chooses a load balancer and an endpoint that it serves.
func (m *maker) balancing() {
	b := &m.balance
	b.provider = pick(&m.stream, "external", "haproxy", "kube-vip")
	if m.has("load-balancer") {
		b.provider = "haproxy"
	}
	b.port = pick(&m.stream, 6443, 443, 8443, 65535, 1)
	if b.provider == "kube-vip" {
		b.port = 6443
	} else if b.provider == "haproxy" && !m.has("load-balancer") {
		b.port = pick(&m.stream, 8443, 443, 65535, 1)
	}
	virtual := m.address(250, m.families[0])
	host := pick(&m.stream, "api.example.com", "a", "0", "1e3", "xn--bcher-kva.example", "203.0.113.9", "[2001:DB8::9]")
	if b.provider != "external" && m.one(2) {
		if host = virtual; m.families[0] == 6 {
			host = "[" + virtual + "]"
		}
	} else if b.provider == "kube-vip" || b.provider == "haproxy" && m.one(3) {
		b.virtualIP = virtual
	} else if b.provider == "haproxy" && strings.ContainsAny(host, "[.") && !strings.Contains(host, "example") {
		host = "api.example.com" // any other address would be taken for a virtual IP
	} else if b.provider == "haproxy" && strings.Contains(host, "[") {
		host = "api"
	}
	b.endpoint = fmt.Sprintf("%s:%d", host, b.port)
}

func (m *maker) loadBalancer() object {
	var o object
	b := m.balance
	if b.provider != "external" || m.one(3) {
		o.set("provider", b.provider)
	}
	if b.virtualIP != "" {
		o.set("virtualIP", b.virtualIP)
	}
	if m.one(3) {
		o.set("interface", pick(&m.stream, interfaces...))
	}
	if m.one(3) && b.provider != "external" {
		o.set("port", b.port)
	}
	if m.one(3) {
		o.set("virtualRouterID", 1+m.below(255))
	}
	return o
}

func (m *maker) network() object {
	family := pick(&m.stream, m.families...)
	o := object{
		{"prefixLength", map[int]int{4: 24, 6: 64}[family]},
		{"gateway", m.address(254, family)},
	}
	if m.one(2) {
		o.set("nameservers", m.strings(3, "10.0.0.53", "fd00::53", "2001:DB8:0::35", "::ffff:10.0.0.53", "1.1.1.1"))
	}
	if m.one(2) {
		o.set("interface", pick(&m.stream, interfaces...))
	}
	if m.one(2) {
		o.set("mtu", pick(&m.stream, 1450, 1280, 9216))
	}
	if m.one(2) {
		o.set("searchDomains", m.strings(3, append([]string{"corp.example", "1.5", "a"}, labels...)...))
	}
	return o
}
