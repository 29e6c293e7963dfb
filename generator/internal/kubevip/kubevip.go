// Package kubevip makes what a control plane needs of kube-vip: its static pod, and the manifest that lets it hold the Lease by
// which one of the pods is chosen to have the virtual IP.
//
// Each pod asks its own machine's API server, never the virtual IP: with that a cold start of all control planes would wait for
// itself (kube-vip/kube-vip#1654). An API server that cannot write loses the Lease, and with it the address.
package kubevip

import (
	"bytes"
	"strconv"

	"go.yaml.in/yaml/v4"
)

const (
	// Version of kube-vip.
	Version = "v1.2.2"
	// User is the common name of its client certificate.
	User = "kube-vip"

	image = "ghcr.io/kube-vip/kube-vip:" + Version
	// where the program looks unless it is told otherwise
	kubeconfigInside = "/etc/kubernetes/admin.conf"
)

// Config is what differs between clusters and machines.
type Config struct {
	NodeName     string
	Address      string // the virtual IP
	PrefixLength int    // of the address alone: 32 or 128
	Port         int
	Interface    string
	APIServer    string // this machine's own, host and port
	Kubeconfig   string // path on the machine
}

// Pod returns the static pod's manifest.
func Pod(c Config) ([]byte, error) {
	p := pod{APIVersion: "v1", Kind: "Pod", Metadata: metadata{"kube-vip", "kube-system"}}
	p.Spec = podSpec{
		Containers: []container{{
			Name:  "kube-vip",
			Image: image,
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
			SecurityContext: securityContext{capabilities{Add: []string{"NET_ADMIN", "NET_RAW"}, Drop: []string{"ALL"}}},
			VolumeMounts:    []volumeMount{{Name: "kubeconfig", MountPath: kubeconfigInside, ReadOnly: true}},
		}},
		HostNetwork:       true,
		PriorityClassName: "system-node-critical",
		Volumes:           []volume{{"kubeconfig", hostPath{c.Kubeconfig, "File"}}},
	}
	return marshal(p)
}

// Rights returns the Role and RoleBinding by which the user may hold Leases in kube-system, and do nothing else.
func Rights() ([]byte, error) {
	return marshal(
		role{"rbac.authorization.k8s.io/v1", "Role", metadata{User, "kube-system"},
			[]rule{{[]string{"coordination.k8s.io"}, []string{"leases"}, []string{"create", "get", "list", "update", "watch"}}}},
		binding{"rbac.authorization.k8s.io/v1", "RoleBinding", metadata{User, "kube-system"},
			reference{"rbac.authorization.k8s.io", "Role", User}, []reference{{"rbac.authorization.k8s.io", "User", User}}},
	)
}

func marshal(objects ...any) ([]byte, error) {
	var documents [][]byte
	for _, o := range objects {
		document, err := yaml.Dump(o, yaml.WithIndent(2), yaml.WithCompactSeqIndent(), yaml.WithLineWidth(-1))
		if err != nil {
			return nil, err
		}
		documents = append(documents, document)
	}
	return bytes.Join(documents, []byte("---\n")), nil
}
