package plan

import (
	"maps"
	"net/netip"
	"slices"
	"strings"

	"kindling/generator/internal/kubeadm"
	"kindling/generator/spec"
)

// kubeadmCluster is the part of kubeadm's configuration that every machine has alike, so that it does not matter who
// uploads it.
func kubeadmCluster(c *spec.Cluster) kubeadm.Cluster {
	k := kubeadm.Cluster{
		Name:                      c.Name,
		ControlPlaneEndpoint:      c.ControlPlaneEndpoint,
		ImageRepository:           c.ImageRepository,
		PodSubnet:                 c.Networking.PodSubnet,
		ServiceSubnet:             c.Networking.ServiceSubnet,
		DNSDomain:                 c.Networking.DNSDomain,
		CertSANs:                  c.CertSANs,
		APIServerArgs:             kubeadmArgs(c.ExtraArgs.APIServer),
		ControllerManagerArgs:     kubeadmArgs(c.ExtraArgs.ControllerManager),
		SchedulerArgs:             kubeadmArgs(c.ExtraArgs.Scheduler),
		EtcdArgs:                  kubeadmArgs(c.ExtraArgs.Etcd),
		EtcdDataDir:               c.Etcd.DataDir,
		EncryptionAlgorithm:       c.PKI.Algorithm,
		CertificateValidityPeriod: c.PKI.CertificateValidityPeriod.Std(),
	}
	if c.ExternalEtcd() {
		k.EtcdDataDir, k.ExternalEtcd = "", &kubeadm.ExternalEtcd{CAFile: pkiDirectory + "/etcd/ca.crt", CertFile: etcdClientCert, KeyFile: etcdClientKey}
		for _, member := range c.EtcdMembers() {
			k.ExternalEtcd.Endpoints = append(k.ExternalEtcd.Endpoints, "https://"+urlHost(member.Addresses()[0].String())+":2379")
		}
	}
	if slices.ContainsFunc(c.Nodes, func(n spec.Node) bool { return n.System().ReadOnlyUsr }) {
		k.VolumePluginDir = volumePluginDir
	}
	return k
}

// volumePluginDir is writable on every operating system. kubelet's configuration is the cluster's, not a node's, so one
// machine with a read-only /usr moves it for all.
const volumePluginDir = "/var/lib/kubelet/volumeplugins"

func kubeadmNode(c *spec.Cluster, n spec.Node) kubeadm.Node {
	k := kubeadm.Node{
		CRISocket:   "unix:///var/run/containerd/containerd.sock",
		KubeletArgs: append([]kubeadm.Arg{{Name: "node-ip", Value: nodeIP(c, n)}}, kubeadmArgs(c.ExtraArgs.Kubelet)...),
	}
	if !n.Any() {
		k.Name = n.Name
	}
	if n.Role == spec.ControlPlane || n.Role == spec.EtcdMember {
		k.AdvertiseAddress = n.Addresses()[0].String()
	}
	if len(n.Labels) > 0 {
		k.KubeletArgs = append(k.KubeletArgs, kubeadm.Arg{Name: "node-labels", Value: labelList(n.Labels)})
	}
	if n.Taints != nil {
		k.Taints = []kubeadm.Taint{}
		for _, t := range n.Taints {
			k.Taints = append(k.Taints, kubeadm.Taint(t))
		}
	}
	return k
}

func kubeadmArgs(args []spec.Arg) []kubeadm.Arg {
	var out []kubeadm.Arg
	for _, a := range args {
		out = append(out, kubeadm.Arg(a))
	}
	return out
}

// nodeIP is kubelet's --node-ip: the machine's address, or both of them. Without one kubelet is told the family of which it
// is to find the address; for two families the machine puts the addresses in their place.
func nodeIP(c *spec.Cluster, n spec.Node) string {
	var list []string
	if n.Any() {
		for _, a := range c.ControlPlanes()[0].Addresses() {
			unspecified := netip.IPv4Unspecified()
			if a.Is6() {
				unspecified = netip.IPv6Unspecified()
			}
			list = append(list, unspecified.String())
		}
		return strings.Join(list, ",")
	}
	for _, a := range n.Addresses() {
		list = append(list, a.String())
	}
	return strings.Join(list, ",")
}

// labelList is kubelet's --node-labels.
func labelList(labels map[string]string) string {
	var list []string
	for _, key := range slices.Sorted(maps.Keys(labels)) {
		list = append(list, key+"="+labels[key])
	}
	return strings.Join(list, ",")
}
