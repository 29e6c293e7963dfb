// Package kubeadm has the hub Config, which says what kindling wants of kubeadm in no particular version's words. Init and Join
// return kubeadm's documents; the package below has the words of its config APIs.
package kubeadm

import (
	"bytes"
	"fmt"
	"time"

	"kindling/generator/internal/kubernetes"

	"go.yaml.in/yaml/v4"
)

// Config is all that one machine's kubeadm documents say. Init documents use all of it, join documents the node and DiscoveryFile.
type Config struct {
	Version kubernetes.Version
	Node    Node
	Cluster Cluster
	Token   Token
	// PatchesDirectory is where kubeadm finds patches on the machine.
	PatchesDirectory string
	// DiscoveryFile is where a worker has the kubeconfig by which it finds, trusts and joins the cluster.
	DiscoveryFile string
}

// Node is kubeadm's nodeRegistration with the API server's own endpoint.
type Node struct {
	Name, CRISocket string
	// AdvertiseAddress of the API server; empty on workers.
	AdvertiseAddress string
	KubeletArgs      []Arg
	// Taints nil leaves kubeadm's own; empty means none.
	Taints []Taint
}

// Taint is core/v1's.
type Taint struct{ Key, Value, Effect string }

// Arg is one flag of a component; a name may occur more than once.
type Arg struct{ Name, Value string }

// Cluster is kubeadm's ClusterConfiguration with the kubelet's shared configuration: the same on every machine.
type Cluster struct {
	Name, ControlPlaneEndpoint, ImageRepository    string
	PodSubnet, ServiceSubnet, DNSDomain            string
	CertSANs                                       []string
	APIServerArgs, ControllerManagerArgs, EtcdArgs []Arg
	SchedulerArgs                                  []Arg
	// EtcdDataDir is that of etcd on this machine; empty with ExternalEtcd.
	EtcdDataDir               string
	ExternalEtcd              *ExternalEtcd
	EncryptionAlgorithm       string
	CertificateValidityPeriod time.Duration
	// VolumePluginDir is where kubelet looks for FlexVolume drivers, set when /usr is read-only; empty leaves kubelet's own.
	VolumePluginDir string
}

// ExternalEtcd is etcd on machines of its own. Its files are on the control plane's disk.
type ExternalEtcd struct {
	Endpoints                 []string
	CAFile, CertFile, KeyFile string
}

// Token is the bootstrap token that the first control plane creates; there is none on a machine that has only etcd.
type Token struct {
	Token string
	TTL   time.Duration
}

// Init returns a control plane's kubeadm documents.
func Init(c Config) ([]byte, error) {
	if err := Supported(c.Version); err != nil {
		return nil, err
	}
	return marshal(initV1beta(c))
}

// Join returns a worker's kubeadm document.
func Join(c Config) ([]byte, error) {
	if err := Supported(c.Version); err != nil {
		return nil, err
	}
	return marshal(joinV1beta(c))
}

// supported are the releases whose etcd has /readyz, which came with etcd 3.5.11.
var supported = kubernetes.Releases{{Minor: 28, Patch: 15}, {Minor: 29, Patch: 15}, {Minor: 30}}

// Supported returns an error if documents cannot be made for this version yet.
func Supported(v kubernetes.Version) error {
	if supported.Include(v) && v.Minor <= kubernetes.NewestMinor {
		return nil
	}
	return fmt.Errorf("no kubeadm documents for %s yet: %s to v%s", v, supported, kubernetes.NewestMinor)
}

// marshal writes objects as one YAML stream.
func marshal(objects []any, err error) ([]byte, error) {
	if err != nil {
		return nil, err
	}
	documents := make([][]byte, len(objects))
	for i, o := range objects {
		if documents[i], err = yaml.Dump(o, yaml.WithIndent(2), yaml.WithCompactSeqIndent(), yaml.WithLineWidth(-1)); err != nil {
			return nil, err
		}
	}
	return bytes.Join(documents, []byte("---\n")), nil
}
