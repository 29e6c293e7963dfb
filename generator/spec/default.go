package spec

import (
	"net"
	"net/netip"
	"slices"
	"time"
)

// year is the lifetime of kubeadm's certificates by default.
const year = Duration(365 * 24 * time.Hour)

// setDefaults fills in what a cluster.yaml leaves out. It leaves invalid values alone.
func setDefaults(c *Cluster) {
	version := c.Version()
	setDefault(&c.ImageRepository, "registry.k8s.io")
	setDefaultNetworking(c)
	setDefault(&c.Etcd.Topology, "stacked")
	setDefault(&c.Etcd.DataDir, "/var/lib/etcd")
	setDefault(&c.Etcd.InitialClusterState, "new")
	setDefault(&c.Etcd.BootstrapExpect, countRole(c.Nodes, c.etcdRole()))
	if version.AllowsECDSA() {
		setDefault(&c.PKI.Algorithm, "ECDSA-P256")
	}
	setDefault(&c.PKI.Algorithm, "RSA-2048")
	setDefault(&c.PKI.CAKeys, "control-plane")
	setDefault(&c.PKI.CertificateValidityPeriod, year)
	setDefault(&c.PKI.CACertificateValidityPeriod, 10*year)
	setDefault(&c.Secrets.Delivery, "inline")
	if c.BootstrapToken.TTL == nil {
		day := Duration(24 * time.Hour)
		c.BootstrapToken.TTL = &day
	}
	if version.JoinsByCertificate() {
		setDefault(&c.WorkerIdentity, "node-certificate")
	}
	setDefault(&c.WorkerIdentity, "token")
	if c.MetadataAddresses == nil {
		c.MetadataAddresses = []string{"169.254.169.254", "fd00:ec2::254"}
	}
	setDefaultLoadBalancer(c)
	setDefault(&c.CNI.Manifest, noManifest)
	setDefaultModes(c.ExtraFiles)
	for i := range c.Nodes {
		n := &c.Nodes[i]
		if mac, err := net.ParseMAC(n.MAC); err == nil {
			n.MAC = mac.String()
		}
		if n.Any() {
			setDefault(&n.NamePattern, "*")
		}
		setDefaultModes(n.ExtraFiles)
	}
}

// noManifest is the cni.manifest of users who apply a pod network themselves.
const noManifest = "none"

func setDefault[T comparable](field *T, value T) {
	var zero T
	if *field == zero {
		*field = value
	}
}

func setDefaultModes(files []File) {
	for i := range files {
		setDefault(&files[i].Mode, "0644")
	}
}

func setDefaultNetworking(c *Cluster) {
	pods := map[family]string{ipv4: "192.168.0.0/16", ipv6: "fd00:10:244::/56"}
	services := map[family]string{ipv4: "10.96.0.0/12", ipv6: "fd00:10:96::/112"}
	var families families
	if known := usualFamilies(c.Nodes); len(known) > 0 {
		families = known
	} else {
		families = []family{ipv4}
	}
	setDefault(&c.Networking.PodSubnet, families.join(pods))
	setDefault(&c.Networking.ServiceSubnet, families.join(services))
	setDefault(&c.Networking.DNSDomain, "cluster.local")
}

// setDefaultLoadBalancer takes the endpoint's host for the virtual IP, if it is an address that no machine has.
func setDefaultLoadBalancer(c *Cluster) {
	lb := &c.LoadBalancer
	setDefault(&lb.Provider, "external")
	if lb.Provider == "external" {
		return
	}
	setDefault(&lb.Port, portNumber(c.resolved.endpointPort))
	addr, err := netip.ParseAddr(c.resolved.endpointHost)
	if err == nil && !slices.ContainsFunc(c.Nodes, func(n Node) bool { return slices.Contains(n.Addresses(), addr) }) {
		setDefault(&lb.VirtualIP, c.resolved.endpointHost)
	}
	if lb.VirtualIP != "" {
		setDefault(&lb.VirtualRouterID, 51)
	}
}
