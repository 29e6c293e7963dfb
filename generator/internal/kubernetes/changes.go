package kubernetes

// The minors from which on a change is there. Each has its predicate below.
const (
	SinceJoinWithoutToken  Minor = 12
	SinceJoinByCertificate Minor = 14
	SinceDualStack         Minor = 21
	SinceECDSA             Minor = 22
	SinceClusterAdmins     Minor = 29
	SinceV1beta4           Minor = 31
	SinceP384              Minor = 34
	SinceNoFlexVolumeDir   Minor = 36
)

// JoinsWithoutToken reports whether `kubeadm join` takes a discovery file alone. Before, it wants a bootstrap token as well.
func (v Version) JoinsWithoutToken() bool { return v.Minor >= SinceJoinWithoutToken }

// JoinsByCertificate reports whether kubelet keeps the client certificate of the discovery file that it joined with.
func (v Version) JoinsByCertificate() bool { return v.Minor >= SinceJoinByCertificate }

// AllowsDualStack reports whether dual stack is on without a feature gate.
func (v Version) AllowsDualStack() bool { return v.Minor >= SinceDualStack }

// AllowsECDSA reports whether kubeadm takes an ECDSA service-account key; CAs were allowed them a little earlier.
func (v Version) AllowsECDSA() bool { return v.Minor >= SinceECDSA }

// AdminGroup is the group of the administrator's client certificate: kubeadm:cluster-admins, which has its rights from a
// ClusterRoleBinding that init creates, and before it system:masters.
func (v Version) AdminGroup() string {
	if v.Minor >= SinceClusterAdmins {
		return "kubeadm:cluster-admins"
	}
	return "system:masters"
}

// HasSuperAdmin reports whether kubeadm writes super-admin.conf, which it needs since the administrator's group has no rights
// of its own.
func (v Version) HasSuperAdmin() bool { return v.Minor >= SinceClusterAdmins }

// AdminConf is the kubeconfig in /etc/kubernetes whose rights depend on no binding in the cluster.
func (v Version) AdminConf() string {
	if v.HasSuperAdmin() {
		return "super-admin.conf"
	}
	return "admin.conf"
}

// HasV1beta4 reports whether kubeadm reads v1beta4 of its config API, and not only v1beta3, which has each flag of a component
// once, and cannot say how certificates are signed.
func (v Version) HasV1beta4() bool { return v.Minor >= SinceV1beta4 }

// NeedsCrictl reports whether kubeadm calls crictl, to look at containerd and to pull images, and does not ask containerd itself.
func (v Version) NeedsCrictl() bool { return v.Minor < SinceV1beta4 }

// SignsP384 reports whether kubeadm's encryptionAlgorithm may be ECDSA-P384.
func (v Version) SignsP384() bool { return v.Minor >= SinceP384 }

// HasFlexVolumeDir reports whether kube-controller-manager's static pod mounts a directory in /usr/libexec/kubernetes unless
// flex-volume-plugin-dir moves it (kubernetes/kubeadm#2212).
func (v Version) HasFlexVolumeDir() bool { return v.Minor < SinceNoFlexVolumeDir }

// sinceLocalAPIEndpoint has the patches to which kubernetes/kubernetes#138449 was ported.
var sinceLocalAPIEndpoint = Releases{{33, 13}, {36, 3}, {37, 2}}

// UsesLocalAPIEndpoint reports whether every call of `kubeadm init` goes to the machine's own API server instead of
// controlPlaneEndpoint.
func (v Version) UsesLocalAPIEndpoint() bool { return sinceLocalAPIEndpoint.Include(v) }
