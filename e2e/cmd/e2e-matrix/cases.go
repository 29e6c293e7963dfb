package main

import "kindling/e2e/internal/matrix"

var cases = []matrix.Case{
	machines("disk full, image missing, containerd broken, etcd's ports taken", "TestFaultCauses", "five"),
	machines("quorum lost for good, one disk left: docs/recovery.md", "TestFaultQuorumLost", "three"),
	machines("all disks lost, a snapshot left: docs/recovery.md", "TestFaultAllDisksLost", "three"),
	machines("cp0's document on a second machine under write load: another address, the same address", "TestFaultTwins", "three"),
	machines("etcd's disk attached three minutes late", "TestFaultEtcdDiskLate", "three"),
	machines("etcd's disk lost, root kept", "TestFaultEtcdDiskLost", "three"),
	machines("root re-imaged, etcd's disk kept", "TestFaultRootReimaged", "three"),
	machines("wiped and cut off: nothing starts; healed: it comes in", "TestFaultWipedAndCutOff", "three"),
	machines("one of three is missing: the others wait, name it, and form with it", "TestFaultOneIsMissing", "three"),
	machines("bootstrapExpect 2: two serve, the third comes in later", "TestFaultBootstrapExpect", "expect"),
	machines("growth from three to five members, then two of five wiped at once", "TestFaultFiveMembers", "three", "five"),
	machines("a member that is gone for ever, and a new machine", "TestFaultMemberGoneForEver", "three", "other"),
	machines("each control plane wiped; kube-proxy, CoreDNS, token and kubelet-config stay as the operator left them", "TestFaultWipedControlPlanes", "three"),
	machines("each control plane wiped under write load, etcd's leader first", "TestFaultWipedUnderLoad", "three"),
	machines("all boot orders", "TestFaultBootOrders", "three"),
	machines("power cut in the middle of each step of a control plane and a worker", "TestFaultRebootInEachStep", "stacked"),
	machines("a load balancer that swallows everything until all control planes are up", "TestFaultLoadBalancerComesLast", "stacked"),
	machines("keys from a computer whose clock is ahead", "TestFaultCertificatesBeginLater", "stacked"),
	machines("a control plane whose clock is ahead: its peers name it", "TestFaultClockSkew", "three"),
	machines("a time server that never answers", "TestFaultNoTimeSource", "no-time"),
	machines("power cuts that lose the page cache, at random moments of the first boot: ext4 and XFS, each machine and all at once", "TestFaultLostCache", "three"),
	machines("certificates renewed three times under write load; one machine off until its own have expired", "TestFaultRenewal", "renewal"),
	machines("external etcd: certificates that only a document renews: warned, and renewed machine by machine under write load", "TestFaultExternalRenewal", "external-renewal"),
	machines("new authorities and a new service account key: trusted, signing, the old ones dropped; under write load", "TestFaultRotation", "stacked"),
	machines("stolen documents of a control plane and a worker, no CA's key in them: what thieves can do, until docs/security.md has been followed", "TestFaultThieves", "thieves"),
	machines("a stolen bootstrap token asks for Nodes' certificates; 20 machines of a pool at once", "TestFaultStolenToken", "pools"),
	machines("the same with v1.29.15", "TestFaultStolenToken129", "pools-v1.29"),
	machines("stock images that fetch binaries, read-only /usr among them; a control plane wiped; a power cut in the middle", "TestFaultBinaries", "binaries"),
	machines("stock images that install packages, dpkg's lock held; a control plane wiped; a power cut in the middle", "TestFaultPackages", "packages"),
	machines("cloud-init and Ignition machines together, with a release whose kubeadm goes through controlPlaneEndpoint; one wiped", "TestFaultMixedCluster", "mixed"),
	machines("dual stack, IPv6 first everywhere, cloud-init and Ignition", "TestFaultDualStack", "dual-stack"),
	machines("IPv6 alone", "TestFaultIPv6", "ipv6"),
	machines("with most of what users can add, cloud-init and Ignition; pods ask a metadata service", "TestFaultEverything", "everything"),
	machines("no CA's key on any machine, cloud-init and Ignition: under write load, each machine loses its disk and boots with new certificates", "TestFaultOfflineCAs", "offline"),
	machines("documents without a secret: their servers late, parts changed, another machine's, of an older set; a machine wiped", "TestFaultSecretParts", "split"),
	machines("bring-ups of three at once", "TestFaultBringUps", "three"),
	machines("first boots beside the guide's order: docs/e2e.md; the ratios are those with 0.6 of a core for each machine", "TestFaultFirstBoots", "stacked", "three"),
	machines("external etcd: each of its machines, a control plane and the load balancer wiped under write load; power cut of all", "TestFaultExternalEtcd", "external"),
	machines("external etcd: quorum lost for good, one disk left; all disks lost, a snapshot left: docs/recovery.md", "TestFaultExternalQuorumLost", "external"),
	machines("two load balancers: the holder of the virtual IP lost under write load; an API server that is not ready", "TestFaultLoadBalancer", "haproxy"),
	machines("kube-vip: the holder of the virtual IP lost under write load; a cold start of all", "TestFaultKubeVIP", "kube-vip"),
	machines("kube-vip with v1.29.15: the same", "TestFaultKubeVIP129", "kube-vip-v1.29"),
	machines("kube-vip with v1.28.15, which has no super-admin.conf: the same", "TestFaultKubeVIP128", "kube-vip-v1.28"),
	machines("HAProxy on the control planes: the holder of the virtual IP lost under write load; an API server that is not ready; a cold start of all", "TestFaultHAProxyPods", "haproxy-pods"),
	machines("a cluster by kindling serve over HTTPS: pods ask for documents, a machine restarts, a wiped one waits until it is armed", "TestFaultServed", "served"),
	{Name: "a machine boots over the network: the real iPXE, kindling serve, live-boot and cloud-init", Package: "./netboot", Test: "TestNetworkBoot", Specs: []string{"e2e/netboot/testdata/live.yaml"}, Nodes: "*"},
	etcdStep("all boot orders", "TestFaultOrders"),
	etcdStep("two wiped, the third off, cut off, or up without quorum: they wait", "TestFaultTwoWipedWait"),
	etcdStep("two wiped that ask just while the third restarts its etcd: they wait", "TestFaultTwoWipedAskDuringARestart"),
	etcdStep("power cuts at random moments of the formation", "TestFaultRandomPowerCuts"),
	etcdStep("a power cut between the manifest and the first WAL", "TestFaultCutBeforeTheFirstWAL"),
	etcdStep("each wiped in turn", "TestFaultWipedJoins"),
	etcdStep("abused responder", "TestFaultAbusedResponder"),
	etcdStep("raft messages to the responder for a minute", "TestFaultRaftMessages"),
}

// machines returns a case with whole machines.
func machines(name, test string, specs ...string) matrix.Case {
	c := matrix.Case{Name: name, Package: "./machines", Test: test, Nodes: "*"}
	for _, spec := range specs {
		c.Specs = append(c.Specs, "e2e/machines/testdata/"+spec+".yaml")
	}
	return c
}

// etcdStep returns a case of the control planes' etcd step, with the real etcd in network namespaces.
func etcdStep(name, test string) matrix.Case {
	return matrix.Case{Name: "etcd step: " + name, Package: "./formation", Test: test, Specs: []string{"testdata/clusters/stacked.yaml"}, Nodes: "cp*"}
}
