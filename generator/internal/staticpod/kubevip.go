package staticpod

import "strconv"

// KubeVIPImage is the pod's default image.
const KubeVIPImage = "ghcr.io/kube-vip/kube-vip:v1.2.2"

const (
	// kubeVIPUser is the common name in kube-vip's client certificate.
	kubeVIPUser = "kube-vip"
	// kubeVIPLease is the Lease that kube-vip takes by default.
	kubeVIPLease = "plndr-cp-lock"
	// kubeconfigInside is where kube-vip looks by default.
	kubeconfigInside = "/etc/kubernetes/admin.conf"
)

// KubeVIPConfig is what differs between clusters and machines.
type KubeVIPConfig struct {
	Image        string
	NodeName     string
	Address      string // the virtual IP
	PrefixLength int    // a single address: 32 or 128
	Port         int
	Interface    string
	APIServer    string // host and port on this machine
	Kubeconfig   string // path on the machine
}

// KubeVIP returns the manifest of kube-vip's pod. Of these pods in a cluster, the one that holds a Lease has the virtual IP.
//
// Each pod talks to the API server on its own machine, never to the virtual IP: a cold start of all control planes would
// then wait for itself (kube-vip/kube-vip#1654). If that API server cannot write, its pod loses the Lease and with it the
// address.
func KubeVIP(c KubeVIPConfig) ([]byte, error) {
	return marshal(newPod("kube-vip",
		container{
			Name:  "kube-vip",
			Image: c.Image,
			Args:  []string{"manager", "--prometheusHTTPServer="},
			Env: []variable{
				{"address", c.Address},
				{"cp_enable", "true"},
				{"cp_namespace", "kube-system"},
				{"kubernetes_addr", "https://" + c.APIServer},
				{"port", strconv.Itoa(c.Port)},
				{"vip_arp", "true"},
				{"vip_interface", c.Interface},
				{"vip_leaderelection", "true"},
				{"vip_leaseduration", "5"},
				{"vip_nodename", c.NodeName},
				{"vip_renewdeadline", "3"},
				{"vip_retryperiod", "1"},
				{"vip_subnet", strconv.Itoa(c.PrefixLength)},
			},
			SecurityContext: securityContext{Capabilities: only("NET_ADMIN", "NET_RAW")},
			VolumeMounts:    []volumeMount{{Name: "kubeconfig", MountPath: kubeconfigInside, ReadOnly: true}},
		},
		volume{"kubeconfig", hostPath{c.Kubeconfig, "File"}}))
}

// KubeVIPRights returns the Lease of the virtual IP, and the Role and RoleBinding that let kube-vip's user hold it, and nothing else. The
// Lease comes with them because a right to create one cannot name it.
func KubeVIPRights() ([]byte, error) {
	return marshal(
		role{"rbac.authorization.k8s.io/v1", "Role", metadata{kubeVIPUser, "kube-system"},
			[]rule{{[]string{"coordination.k8s.io"}, []string{"leases"}, []string{kubeVIPLease}, []string{"get", "update"}}}},
		binding{"rbac.authorization.k8s.io/v1", "RoleBinding", metadata{kubeVIPUser, "kube-system"},
			reference{"rbac.authorization.k8s.io", "Role", kubeVIPUser}, []reference{{"rbac.authorization.k8s.io", "User", kubeVIPUser}}},
		lease{"coordination.k8s.io/v1", "Lease", metadata{kubeVIPLease, "kube-system"}},
	)
}
