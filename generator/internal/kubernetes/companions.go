package kubernetes

// Companions are the releases of the programs beside Kubernetes' own that a machine needs, without a "v".
type Companions struct{ Containerd, Runc, CNI, Crictl string }

// TestedWith are the companions that a release is installed with, unless cluster.yaml names others. containerd, the runc that its
// release pins (script/setup/runc-version) and the CNI plugins are the same for all: containerd 2.3 is supported until April 2028,
// speaks CRI v1, as kubelet does since 1.23, and starts pods whatever the sandbox image's name since 2.3.4 (containerd#13529).
// crictl is what build/dependencies.yaml of Kubernetes names: the first release of the minor before.
func (v Version) TestedWith() Companions {
	return Companions{Containerd: "2.3.4", Runc: "1.4.3", CNI: "1.9.1", Crictl: (v.Minor - 1).String() + ".0"}
}
