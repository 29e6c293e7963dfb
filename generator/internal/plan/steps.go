package plan

import (
	"slices"

	"kindling/generator/spec"
)

// The kinds of workers beside the one that is called by the role's name and has a certificate of its own.
const (
	tokenWorker = "worker with a token"
	pool        = "any worker" // its document has no name
)

// kindOf is what a machine's script follows from.
func kindOf(c *spec.Cluster, n spec.Node) string {
	switch {
	case n.Any():
		return pool
	case n.Role == spec.Worker && c.NodeIdentity(n) == "token":
		return tokenWorker
	}
	return n.Role
}

// steps are kindling's own, in the order of the boot.
var steps = map[string][]string{
	spec.ControlPlane: {"right-machine", "host", "clock", "runtime", "images", "certs", "etcd", "control-plane", "cluster", "ready"},
	spec.Worker:       {"right-machine", "host", "clock", "runtime", "join", "ready"},
	tokenWorker:       {"right-machine", "host", "clock", "runtime", "join", "ready"},
	pool:              {"right-machine", "host", "clock", "runtime", "join", "ready"},
}

// fileOf is where a step's function is.
func fileOf(kind, step string) string {
	if kind == pool && step == "right-machine" {
		return "any-machine"
	}
	return step
}

// libs are the scripts that the steps share, beside the frame.
var libs = map[string][]string{
	spec.ControlPlane: {"kubeadm", "etcd-ask", "etcd-responder", "etcd-members", "etcd-guard"},
	spec.Worker:       {"join-certificate"},
	tokenWorker:       {"join-token"},
	pool:              {"join-token"},
}

// programs are those that the steps call and that an image may lack.
var programs = map[string]string{
	spec.ControlPlane: "kubeadm kubelet kubectl containerd ctr curl socat ip modprobe sysctl sha256sum",
	spec.Worker:       "kubeadm kubelet containerd ctr curl ip modprobe sysctl",
	tokenWorker:       "kubeadm kubelet containerd ctr curl ip modprobe sysctl",
	pool:              "kubeadm kubelet containerd ctr curl modprobe sysctl",
}

// StepsOf puts the spec's own steps in their places among the node's. A step whose place this node does not have is left
// out: `before: etcd` means nothing on a worker.
func StepsOf(c *spec.Cluster, n spec.Node) []string { return stepsOf(kindOf(c, n), c.ExtraSteps) }

func stepsOf(kind string, extra []spec.Step) []string {
	list := slices.Clone(steps[kind])
	for _, s := range extra {
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
