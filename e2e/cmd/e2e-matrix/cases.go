package main

import (
	"slices"

	"kindling/e2e/internal/matrix"
)

// What the cases cover: the etcd step, and whatever else decides about their outcome.
var (
	etcd     = []string{"steps/etcd.sh", "lib/etcd-ask.sh", "lib/etcd-responder.sh", "lib/etcd-members.sh", "lib/etcd-guard.sh"}
	certs    = append(slices.Clone(etcd), "steps/certs.sh")
	cluster  = append(slices.Clone(etcd), "steps/cluster.sh", "steps/ready.sh")
	external = append(slices.Clone(etcd), "steps/external-etcd.sh", "steps/kubelet.sh", "steps/load-balancer.sh", "units/kubelet-etcd.conf")
	balancer = []string{"steps/load-balancer.sh", "../generator/internal/plan/loadbalancer.go"}
	pods     = []string{"steps/haproxy.sh", "lib/static-pod.sh", "../generator/internal/plan/loadbalancer.go", "../generator/internal/staticpod/haproxy.go"}
	kubeVIP  = []string{"steps/kube-vip.sh", "lib/static-pod.sh", "../generator/internal/staticpod/kubevip.go"}
	older    = append(slices.Clone(kubeVIP), "steps/certs.sh", "../generator/internal/kubeadm/v1beta.go")
	oldest   = append(slices.Clone(older), "lib/admin.sh")
	causes   = append(slices.Clone(certs), "steps/runtime.sh", "steps/images.sh", "lib/run.sh")
)

const (
	step     = "./formation" // the etcd step with the real etcd, in network namespaces
	machines = "./machines"  // whole machines
)

var cases = []matrix.Case{
	{Name: "disk full, image missing, containerd broken, etcd's ports taken", Package: machines, Test: "TestFaultCauses", Covers: causes},
	{Name: "quorum lost for good, one disk left: docs/recovery.md", Package: machines, Test: "TestFaultQuorumLost", Covers: etcd},
	{Name: "all disks lost, a snapshot left: docs/recovery.md", Package: machines, Test: "TestFaultAllDisksLost", Covers: etcd},
	{Name: "cp0's document on a second machine under write load: another address, the same address", Package: machines, Test: "TestFaultTwins", Covers: etcd},
	{Name: "etcd's disk attached a minute late", Package: machines, Test: "TestFaultEtcdDiskLate", Covers: etcd},
	{Name: "etcd's disk lost, root kept", Package: machines, Test: "TestFaultEtcdDiskLost", Covers: etcd},
	{Name: "root re-imaged, etcd's disk kept", Package: machines, Test: "TestFaultRootReimaged", Covers: certs},
	{Name: "wiped and cut off: nothing starts; healed: it comes in", Package: machines, Test: "TestFaultWipedAndCutOff", Covers: etcd},
	{Name: "one of three is missing: the others wait, name it, and form with it", Package: machines, Test: "TestFaultOneIsMissing", Covers: etcd},
	{Name: "bootstrapExpect 2: two serve, the third comes in later", Package: machines, Test: "TestFaultBootstrapExpect", Covers: etcd},
	{Name: "growth from three to five members, then two of five wiped at once", Package: machines, Test: "TestFaultFiveMembers", Covers: etcd},
	{Name: "a member that is gone for ever, and a new machine", Package: machines, Test: "TestFaultMemberGoneForEver", Covers: etcd},
	{Name: "each control plane wiped; kube-proxy, CoreDNS, token and kubelet-config stay as the operator left them", Package: machines, Test: "TestFaultWipedControlPlanes", Covers: cluster},
	{Name: "each control plane wiped under write load, etcd's leader first", Package: machines, Test: "TestFaultWipedUnderLoad", Covers: cluster},
	{Name: "all boot orders", Package: machines, Test: "TestFaultBootOrders", Covers: etcd},
	{Name: "power cuts of each machine at random moments of the first boot", Package: machines, Test: "TestFaultPowerCuts", Covers: etcd},
	{Name: "bring-ups of three at once, beside the guide's order", Package: machines, Test: "TestFaultBringUps", Covers: etcd},
	{Name: "external etcd: each of its machines, a control plane and the load balancer wiped under write load; power cut of all", Package: machines, Test: "TestFaultExternalEtcd", Covers: external},
	{Name: "external etcd: quorum lost for good, one disk left; all disks lost, a snapshot left: docs/recovery.md", Package: machines, Test: "TestFaultExternalQuorumLost", Covers: external},
	{Name: "two load balancers: the holder of the virtual IP lost under write load; an API server that is not ready", Package: machines, Test: "TestFaultLoadBalancer", Covers: balancer},
	{Name: "kube-vip: the holder of the virtual IP lost under write load; a cold start of all", Package: machines, Test: "TestFaultKubeVIP", Covers: kubeVIP},
	{Name: "kube-vip with v1.29.15: the same", Package: machines, Test: "TestFaultKubeVIP129", Covers: older},
	{Name: "kube-vip with v1.28.15, which has no super-admin.conf: the same", Package: machines, Test: "TestFaultKubeVIP128", Covers: oldest},
	{Name: "HAProxy on the control planes: the holder of the virtual IP lost under write load; an API server that is not ready; a cold start of all", Package: machines, Test: "TestFaultHAProxyPods", Covers: pods},
	{Name: "etcd step: all boot orders", Package: step, Test: "TestBootOrders", Covers: etcd},
	{Name: "etcd step: two wiped, the third off, cut off, or up without quorum: they wait", Package: step, Test: "TestTwoWipedMachinesWait", Covers: etcd},
	{Name: "etcd step: two wiped that ask just while the third restarts its etcd: they wait", Package: step, Test: "TestTwoWipedMachinesAskDuringARestart", Covers: etcd},
	{Name: "etcd step: power cuts at random moments of the formation", Package: step, Test: "TestRandomPowerCuts", Covers: etcd},
	{Name: "etcd step: a power cut between the manifest and the first WAL", Package: step, Test: "TestPowerCutBeforeTheFirstWAL", Covers: etcd},
	{Name: "etcd step: each wiped in turn", Package: step, Test: "TestWipedMachineJoins", Covers: etcd},
	{Name: "etcd step: abused responder", Package: step, Test: "TestResponderIsAbused", Covers: etcd},
	{Name: "etcd step: raft messages to the responder for a minute", Package: step, Test: "TestResponderGetsRaftMessages", Covers: etcd},
}
