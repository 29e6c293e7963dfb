package kubeadm

import (
	"fmt"
	"regexp"
	"strconv"
)

// The minors of Kubernetes 1 that a cluster.yaml may name.
const (
	OldestMinor = 11
	NewestMinor = 37
)

// Version is a release of Kubernetes 1.
type Version struct{ Minor, Patch int }

var versionForm = regexp.MustCompile(`^v1\.(0|[1-9][0-9]{0,3})\.(0|[1-9][0-9]{0,3})$`)

// ParseVersion reads an exact release such as v1.37.2. A minor outside OldestMinor … NewestMinor is an error, not a guess.
func ParseVersion(s string) (Version, error) {
	m := versionForm.FindStringSubmatch(s)
	if m == nil {
		return Version{}, fmt.Errorf("%q is not an exact Kubernetes version such as v1.%d.2", s, NewestMinor)
	}
	minor, _ := strconv.Atoi(m[1])
	patch, _ := strconv.Atoi(m[2])
	v := Version{minor, patch}
	if minor < OldestMinor || minor > NewestMinor {
		return Version{}, fmt.Errorf("unknown Kubernetes version %s: this kindling knows v1.%d to v1.%d", v, OldestMinor, NewestMinor)
	}
	return v, nil
}

func (v Version) String() string { return fmt.Sprintf("v1.%d.%d", v.Minor, v.Patch) }

// AdminGroup is the group of the administrator's client certificate: kubeadm:cluster-admins from 1.29, which has its rights
// from a ClusterRoleBinding that init creates, before it system:masters.
func (v Version) AdminGroup() string {
	if v.Minor >= 29 {
		return "kubeadm:cluster-admins"
	}
	return "system:masters"
}

// HasV1beta4 tells whether kubeadm reads v1beta4 of its config API (from 1.31), and not only v1beta3, which has each flag of a
// component once, and cannot say how certificates are signed.
func (v Version) HasV1beta4() bool { return v.Minor >= 31 }

// NeedsCrictl tells whether kubeadm calls crictl, to look at containerd and to pull images (up to 1.30).
func (v Version) NeedsCrictl() bool { return v.Minor <= 30 }

// HasSuperAdmin tells whether kubeadm writes super-admin.conf (from 1.29).
func (v Version) HasSuperAdmin() bool { return v.Minor >= 29 }

// AdminConf is the kubeconfig in /etc/kubernetes whose rights depend on no binding in the cluster.
func (v Version) AdminConf() string {
	if v.HasSuperAdmin() {
		return "super-admin.conf"
	}
	return "admin.conf"
}

// UsesLocalAPIEndpoint tells whether every call of `kubeadm init` goes to the machine's own API server instead of
// controlPlaneEndpoint (kubernetes/kubernetes#138449).
func (v Version) UsesLocalAPIEndpoint() bool {
	switch v.Minor {
	case 33:
		return v.Patch >= 13
	case 36:
		return v.Patch >= 3
	case 37:
		return v.Patch >= 2
	}
	return v.Minor > 37
}

// HasFlexVolumeDir tells whether kube-controller-manager has a static pod mount at /usr/libexec/kubernetes unless
// flex-volume-plugin-dir moves it (kubernetes/kubeadm#2212; up to 1.35).
func (v Version) HasFlexVolumeDir() bool { return v.Minor <= 35 }

// SignsP384 tells whether kubeadm's encryptionAlgorithm may be ECDSA-P384 (from 1.34).
func (v Version) SignsP384() bool { return v.Minor >= 34 }
