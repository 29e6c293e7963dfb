package staticpod

import "strconv"

// KubeVIPImage is the pod's.
const KubeVIPImage = "ghcr.io/kube-vip/kube-vip:v1.2.2"

const (
	// kubeVIPUser is the common name of its client certificate.
	kubeVIPUser = "kube-vip"
	// where the program looks unless it is told otherwise
	kubeconfigInside = "/etc/kubernetes/admin.conf"
)

// KubeVIPConfig is what differs between clusters and machines.
type KubeVIPConfig struct {
	NodeName     string
	Address      string // the virtual IP
	PrefixLength int    // of the address alone: 32 or 128
	Port         int
	Interface    string
	APIServer    string // this machine's own, host and port
	Kubeconfig   string // path on the machine
}

// KubeVIP returns the manifest of the pod of which one in the cluster, by a Lease, has the virtual IP.
//
// Each asks its own machine's API server, never the virtual IP: with that a cold start of all control planes would wait for
// itself (kube-vip/kube-vip#1654). An API server that cannot write loses the Lease, and with it the address.
func KubeVIP(c KubeVIPConfig) ([]byte, error) {
	return marshal(newPod("kube-vip",
		container{
			Name:  "kube-vip",
			Image: KubeVIPImage,
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

// KubeVIPRights returns the Role and RoleBinding by which kube-vip's user may hold Leases in kube-system, and do nothing else.
func KubeVIPRights() ([]byte, error) {
	return marshal(
		role{"rbac.authorization.k8s.io/v1", "Role", metadata{kubeVIPUser, "kube-system"},
			[]rule{{[]string{"coordination.k8s.io"}, []string{"leases"}, []string{"create", "get", "list", "update", "watch"}}}},
		binding{"rbac.authorization.k8s.io/v1", "RoleBinding", metadata{kubeVIPUser, "kube-system"},
			reference{"rbac.authorization.k8s.io", "Role", kubeVIPUser}, []reference{{"rbac.authorization.k8s.io", "User", kubeVIPUser}}},
	)
}
