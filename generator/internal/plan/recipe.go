package plan

import (
	"slices"

	"kindling/generator/internal/plan/install"
	"kindling/generator/internal/plan/part"
	"kindling/generator/spec"
	"kindling/pki"
)

// recipe lists what a machine gets. It is the one place that says who does what: each list reads in the order of the boot. A role
// is given its own credentials and no others.
func recipe(m machine, keys *pki.Bundle) []part.Part {
	switch m.Role {
	case spec.ControlPlane:
		if m.cluster.OfflineCAs() {
			return issuedControlPlane(m, keys.Issued(m.Name))
		}
		return controlPlane(m, keys.ControlPlane(m.Name, m.cluster.ExternalEtcd()))
	case spec.EtcdMember:
		return etcdMachine(m, keys.EtcdMember(m.Name))
	case spec.LoadBalance:
		return loadBalancer(m, keys.LoadBalancer())
	default:
		return worker(m, keys.Worker(m.Name, m.JoinsWithToken()))
	}
}

func controlPlane(m machine, own pki.ControlPlane) []part.Part {
	etcd := []part.Part{etcdDisk(), certs(m, own), stackedEtcd(m, own)}
	if m.cluster.ExternalEtcd() {
		// kubeadm's preflight, in the step certs, asks etcd.
		etcd = []part.Part{externalEtcd(m, own.EtcdCA.Cert, own.EtcdToken), etcdClient(own), certs(m, own), expiry(m)}
	}
	return slices.Concat(containerHost(m, own.Window), []part.Part{kubeadmInit(m, own.BootstrapToken), images()}, etcd, controlPlaneNode(m))
}

// issuedControlPlane is one without any authority's key.
func issuedControlPlane(m machine, own pki.Issued) []part.Part {
	etcd := []part.Part{etcdDisk(), issuedCerts(own), memberOf(m, own.EtcdCACert, own.EtcdToken, guardedKubelet)}
	if m.cluster.ExternalEtcd() {
		etcd = []part.Part{externalEtcd(m, own.EtcdCACert, own.EtcdToken), issuedCerts(own)}
	}
	return slices.Concat(containerHost(m, own.Window), []part.Part{kubeadmInit(m, ""), images()}, etcd, []part.Part{expiry(m)}, controlPlaneNode(m))
}

// controlPlaneNode is what a control plane goes on with, once it has its certificates and etcd.
func controlPlaneNode(m machine) []part.Part {
	return []part.Part{
		apiServer(m), clusterWide(m), labels(m), approval(m), haproxyPod(m), kubeVIP(m), ready(m), kubeletPatch(m), userFiles(m),
	}
}

func etcdMachine(m machine, own pki.EtcdMember) []part.Part {
	return append(containerHost(m, own.Window),
		kubeadmEtcd(m), images(), etcdDisk(), standaloneKubelet(), etcdMember(m, own), expiry(m), userFiles(m))
}

// containerHost is what every machine with a kubelet begins with.
func containerHost(m machine, window pki.Window) []part.Part {
	return []part.Part{
		identity(m), system(m), rightMachine(m), trust(m), secrets(m), install.Modules(m.Node), host(), keepsSwap(m), metadataService(m), settings(m), proxy(m), clock(m, window),
		install.Of(m.cluster, m.Node, m.local.pinned), install.Downloads(m.cluster, m.Node, m.local.pinned), install.Helpers(m.Node),
		install.Firewall(m.cluster, m.Node), runtime(m), registries(m),
	}
}

func loadBalancer(m machine, own pki.LoadBalancer) []part.Part {
	return []part.Part{
		identity(m), system(m), rightMachine(m), trust(m), secrets(m), settings(m), proxy(m), clock(m, own.Window), install.Helpers(m.Node),
		install.Firewall(m.cluster, m.Node), haproxyMachine(m, own), userFiles(m),
	}
}

func worker(m machine, own pki.Worker) []part.Part {
	parts := append(containerHost(m, own.Window), join(m, own), ready(m), kubeletPatch(m), userFiles(m))
	if m.cluster.OfflineCAs() {
		parts = append(parts, expiry(m))
	}
	return parts
}
