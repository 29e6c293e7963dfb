package plan

import (
	"slices"

	"kindling/generator/spec"
)

// The kinds of machines that do not do just what others of their role do.
const (
	externalControlPlane = "control plane with external etcd"
	tokenWorker          = "worker with a token" // and not with a certificate of its own
	pool                 = "any worker"          // its document has no name
)

// kindOf is what a machine's script follows from.
func kindOf(c *spec.Cluster, n spec.Node) string {
	switch {
	case n.Any():
		return pool
	case n.Role == spec.Worker && c.NodeIdentity(n) == "token":
		return tokenWorker
	case n.Role == spec.ControlPlane && c.Etcd.Topology == "external":
		return externalControlPlane
	}
	return n.Role
}

// steps are kindling's own, in the order of the boot.
var steps = map[string][]string{
	spec.ControlPlane: {"right-machine", "host", "clock", "runtime", "images", "certs", "etcd", "control-plane", "cluster", "ready"},
	// kubeadm's preflight, in certs, asks etcd.
	externalControlPlane: {"right-machine", "host", "clock", "runtime", "images", "etcd", "certs", "control-plane", "cluster", "ready"},
	spec.EtcdMember:      {"right-machine", "host", "clock", "runtime", "images", "kubelet", "etcd"},
	spec.Worker:          {"right-machine", "host", "clock", "runtime", "join", "ready"},
	spec.LoadBalance:     {"right-machine", "clock", "load-balancer"},
	tokenWorker:          {"right-machine", "host", "clock", "runtime", "join", "ready"},
	pool:                 {"right-machine", "host", "clock", "runtime", "join", "ready"},
}

// stepFiles are the scripts of steps that a kind of machine does in a way of its own.
var stepFiles = map[string]map[string]string{
	externalControlPlane: {"etcd": "external-etcd"},
	pool:                 {"right-machine": "any-machine"},
}

// libs are the scripts that the steps share, beside the frame.
var libs = map[string][]string{
	spec.ControlPlane:    {"kubeadm", "etcd-ask", "etcd-responder", "etcd-members", "etcd-guard"},
	externalControlPlane: {"kubeadm"},
	spec.EtcdMember:      {"kubeadm", "etcd-ask", "etcd-responder", "etcd-members", "etcd-guard"},
	spec.Worker:          {"join-certificate"},
	tokenWorker:          {"join-token"},
	pool:                 {"join-token"},
}

// programs are those that the steps call and that an image may lack.
var programs = map[string]string{
	spec.ControlPlane:    "kubeadm kubelet kubectl containerd ctr curl socat ip modprobe sysctl sha256sum",
	externalControlPlane: "kubeadm kubelet kubectl containerd ctr curl ip modprobe sysctl sha256sum",
	spec.EtcdMember:      "kubeadm kubelet containerd ctr curl socat ip modprobe sysctl",
	spec.Worker:          "kubeadm kubelet containerd ctr curl ip modprobe sysctl",
	spec.LoadBalance:     "haproxy curl ip",
	tokenWorker:          "kubeadm kubelet containerd ctr curl ip modprobe sysctl",
	pool:                 "kubeadm kubelet containerd ctr curl modprobe sysctl",
}

// StepsOf puts the spec's own steps in their places among the node's. A step whose place this node does not have is left
// out: `before: etcd` means nothing on a worker.
func StepsOf(c *spec.Cluster, n spec.Node) []string { return stepsOf(c, kindOf(c, n)) }

func stepsOf(c *spec.Cluster, kind string) []string {
	list := ownSteps(c, kind)
	for _, s := range c.ExtraSteps {
		at := slices.Index(list, s.Before)
		if s.After != "" {
			at = slices.Index(list, s.After) + 1
		}
		if at >= 0 && (s.After == "" || at > 0) {
			list = slices.Insert(list, at, s.Name)
		}
	}
	return list
}

// ownSteps are kindling's in this cluster.
func ownSteps(c *spec.Cluster, kind string) []string {
	list := slices.Clone(steps[kind])
	if at := slices.Index(list, "cluster"); at >= 0 && c.LoadBalancer.Provider == "kube-vip" {
		list = slices.Insert(list, at+1, "kube-vip")
	}
	return list
}
