package kubernetes

// The first minor with each change. Each change has a predicate below.
const (
	SinceJoinWithoutToken  Minor = 12
	SinceJoinByCertificate Minor = 14
	SinceDualStack         Minor = 21
	SinceECDSA             Minor = 22
	SinceCRIv1             Minor = 23
	SincePackages          Minor = 24
	SinceClusterAdmins     Minor = 29
	SinceV1beta4           Minor = 31
	SincePatchesCoreDNS    Minor = 31
	SinceNFTables          Minor = 31
	SinceNoConntrack       Minor = 32
	SinceP384              Minor = 34
	SinceNoFlexVolumeDir   Minor = 36
	SincePatchesKubeProxy  Minor = 37
	SinceNoContainerd1     Minor = 38
)

// JoinsWithoutToken reports whether `kubeadm join` accepts a discovery file alone. Older releases need a bootstrap token as
// well.
func (v Version) JoinsWithoutToken() bool { return v.Minor >= SinceJoinWithoutToken }

// JoinsByCertificate reports whether kubelet keeps the client certificate from the discovery file that it joined with.
func (v Version) JoinsByCertificate() bool { return v.Minor >= SinceJoinByCertificate }

// AllowsDualStack reports whether dual stack works without a feature gate.
func (v Version) AllowsDualStack() bool { return v.Minor >= SinceDualStack }

// AllowsECDSA reports whether kubeadm accepts an ECDSA service-account key. ECDSA keys for CAs came a little earlier.
func (v Version) AllowsECDSA() bool { return v.Minor >= SinceECDSA }

// HasPackages reports whether pkgs.k8s.io has packages. Those of older releases are gone.
func (v Version) HasPackages() bool { return v.Minor >= SincePackages }

// AdminGroup is the group in the administrator's client certificate: kubeadm:cluster-admins, whose rights come from a
// ClusterRoleBinding that `kubeadm init` creates, or system:masters in older releases.
func (v Version) AdminGroup() string {
	if v.Minor >= SinceClusterAdmins {
		return "kubeadm:cluster-admins"
	}
	return "system:masters"
}

// HasSuperAdmin reports whether kubeadm writes super-admin.conf, which it needs because the administrator's group has no
// rights without its binding.
func (v Version) HasSuperAdmin() bool { return v.Minor >= SinceClusterAdmins }

// AdminConf is the kubeconfig in /etc/kubernetes whose rights do not depend on a binding in the cluster.
func (v Version) AdminConf() string {
	if v.HasSuperAdmin() {
		return "super-admin.conf"
	}
	return "admin.conf"
}

// HasV1beta4 reports whether kubeadm reads v1beta4 of its config API. Older releases read only v1beta3, which holds each
// flag of a component once, and cannot say how certificates are signed.
func (v Version) HasV1beta4() bool { return v.Minor >= SinceV1beta4 }

// NeedsCrictl reports whether kubeadm calls crictl to check containerd and to pull images, instead of talking to containerd
// itself.
func (v Version) NeedsCrictl() bool { return v.Minor < SinceV1beta4 }

// NeedsConntrack reports whether kubeadm's preflight insists on conntrack (cmd/kubeadm/app/preflight/checks.go).
func (v Version) NeedsConntrack() bool { return v.Minor < SinceNoConntrack }

// SignsP384 reports whether kubeadm's encryptionAlgorithm may be ECDSA-P384.
func (v Version) SignsP384() bool { return v.Minor >= SinceP384 }

// HasFlexVolumeDir reports whether kube-controller-manager's static pod mounts a directory in /usr/libexec/kubernetes unless
// flex-volume-plugin-dir moves it (kubernetes/kubeadm#2212).
func (v Version) HasFlexVolumeDir() bool { return v.Minor < SinceNoFlexVolumeDir }

// sinceLocalAPIEndpoint lists the releases that kubernetes/kubernetes#138449 was backported to.
var sinceLocalAPIEndpoint = Releases{{33, 13}, {36, 3}, {37, 2}}

// UsesLocalAPIEndpoint reports whether every call of `kubeadm init` goes to the machine's own API server instead of
// controlPlaneEndpoint.
func (v Version) UsesLocalAPIEndpoint() bool { return sinceLocalAPIEndpoint.Include(v) }

// SpeaksCRIv1 reports whether kubelet speaks the only version of CRI that containerd 2 does.
func (v Version) SpeaksCRIv1() bool { return v.Minor >= SinceCRIv1 }

// WorksWithContainerd1 reports whether kubelet still takes a container runtime that does not tell it its cgroup driver.
func (v Version) WorksWithContainerd1() bool { return v.Minor < SinceNoContainerd1 }

// PatchesCoreDNS reports whether kubeadm has patches for CoreDNS' Deployment.
func (v Version) PatchesCoreDNS() bool { return v.Minor >= SincePatchesCoreDNS }

// PatchesKubeProxy reports whether kubeadm has patches for kube-proxy's DaemonSet.
func (v Version) PatchesKubeProxy() bool { return v.Minor >= SincePatchesKubeProxy }

// HasNFTables reports whether kube-proxy has the mode nftables without a feature gate.
func (v Version) HasNFTables() bool { return v.Minor >= SinceNFTables }
