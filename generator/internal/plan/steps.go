package plan

import (
	"slices"
	"strings"

	"kindling/generator/spec"
)

// The kinds of machines that do not do just what others of their role do.
const (
	externalControlPlane = "control plane with external etcd"
	tokenWorker          = "worker with a token" // and not with a certificate of its own
	pool                 = "any worker"          // its document has no name
)

// kindOf is the name of a node's kind.
func kindOf(c *spec.Cluster, n spec.Node) string {
	switch {
	case n.Any():
		return pool
	case n.JoinsWithToken():
		return tokenWorker
	case n.Role == spec.ControlPlane && c.ExternalEtcd():
		return externalControlPlane
	}
	return n.Role
}

// A kind is what machines do alike.
type kind struct {
	steps []string // kindling's own, in the order of the boot
	// scripts are in the place of those of the same name as their steps.
	scripts map[string]string
	libs    []string // scripts that the steps share, beside the frame
	// programs are those that the steps call and that an image may lack.
	programs string
}

var (
	workerSteps = []string{"right-machine", "host", "clock", "runtime", "join", "ready"}
	etcdLibs    = []string{"boot/kubeadm", "etcd/ask", "etcd/responder", "etcd/members", "etcd/guard"}
)

const workerPrograms = "kubeadm kubelet containerd ctr curl ip modprobe sysctl"

var kinds = map[string]kind{
	spec.ControlPlane: {
		steps:    []string{"right-machine", "host", "clock", "runtime", "images", "certs", "etcd", "control-plane", "cluster", "ready"},
		libs:     etcdLibs,
		programs: "kubeadm kubelet kubectl containerd ctr curl socat ip modprobe sysctl sha256sum",
	},
	externalControlPlane: {
		// kubeadm's preflight, in certs, asks etcd.
		steps:    []string{"right-machine", "host", "clock", "runtime", "images", "etcd", "certs", "control-plane", "cluster", "ready"},
		scripts:  map[string]string{"etcd": "etcd/external"},
		libs:     []string{"boot/kubeadm"},
		programs: "kubeadm kubelet kubectl containerd ctr curl ip modprobe sysctl sha256sum",
	},
	spec.EtcdMember: {
		steps:    []string{"right-machine", "host", "clock", "runtime", "images", "kubelet", "etcd"},
		libs:     etcdLibs,
		programs: "kubeadm kubelet containerd ctr curl socat ip modprobe sysctl",
	},
	spec.LoadBalance: {
		steps:    []string{"right-machine", "clock", "load-balancer"},
		programs: "haproxy curl ip",
	},
	spec.Worker: {steps: workerSteps, libs: []string{"join/certificate"}, programs: workerPrograms},
	tokenWorker: {steps: workerSteps, libs: []string{"join/token"}, programs: workerPrograms},
	pool: {
		steps:    workerSteps,
		scripts:  map[string]string{"right-machine": "boot/any-machine"},
		libs:     []string{"join/token"},
		programs: workerPrograms,
	},
}

// StepsOf puts the spec's own steps in their places among the node's. A step whose place this node does not have is left
// out: `before: etcd` means nothing on a worker.
func StepsOf(c *spec.Cluster, n spec.Node) []string { return stepsOf(c, kindOf(c, n)) }

func stepsOf(c *spec.Cluster, name string) []string {
	list := ownSteps(c, name)
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
func ownSteps(c *spec.Cluster, name string) []string {
	list := slices.Clone(kinds[name].steps)
	at := slices.Index(list, "cluster") + 1
	if at > 0 && c.UsesKubeVIP() {
		list = slices.Insert(list, at, "kube-vip")
	}
	if at > 0 && c.BalancesOnControlPlanes() {
		list = slices.Insert(list, at, "haproxy")
	}
	return list
}

// libsOf are the scripts that the steps share in this cluster, beside the frame.
func libsOf(c *spec.Cluster, name string) []string {
	libs, steps := slices.Clone(kinds[name].libs), ownSteps(c, name)
	if slices.Contains(steps, "haproxy") || slices.Contains(steps, "kube-vip") {
		libs = append(libs, "loadbalancer/static-pod")
	}
	return libs
}

// programsOf are those that an image may lack.
func programsOf(c *spec.Cluster, name string) string {
	programs := kinds[name].programs
	if c.Version().NeedsCrictl() && strings.HasPrefix(programs, "kubeadm ") {
		programs += " crictl"
	}
	return programs
}
