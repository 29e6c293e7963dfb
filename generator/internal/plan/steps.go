package plan

import (
	"slices"

	"kindling/generator/spec"
)

// steps are kindling's own, in the order of the boot.
var steps = map[string][]string{
	spec.ControlPlane: {"right-machine", "host", "clock", "runtime", "images", "certs", "etcd", "control-plane", "cluster", "ready"},
	spec.Worker:       {"right-machine", "host", "clock", "runtime", "join", "ready"},
}

// libs are the scripts that a role's steps share, beside the frame.
var libs = map[string][]string{
	spec.ControlPlane: {"kubeadm", "etcd-ask", "etcd-responder", "etcd-members", "etcd-guard"},
}

// programs are those that a role's steps call and that an image may lack.
var programs = map[string]string{
	spec.ControlPlane: "kubeadm kubelet kubectl containerd ctr curl socat ip modprobe sysctl sha256sum",
	spec.Worker:       "kubeadm kubelet containerd ctr curl ip modprobe sysctl",
}

// StepsOf puts the spec's own steps in their places among the role's. A step whose place this role does not have is left
// out: `before: etcd` means nothing on a worker.
func StepsOf(role string, extra []spec.Step) []string {
	list := slices.Clone(steps[role])
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
