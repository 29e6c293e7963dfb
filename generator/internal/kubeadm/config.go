// Package kubeadm makes kubeadm's documents. Config is what kindling wants from kubeadm, whatever the version; Init and Join
// turn it into documents. Package v1beta has the types of kubeadm's config APIs.
package kubeadm

import (
	"bytes"
	"fmt"
	"time"

	"kindling/generator/internal/kubernetes"

	"go.yaml.in/yaml/v4"
)

// Config is the content of one machine's kubeadm documents. Init documents use all of it except DiscoveryFile; join
// documents use Version, Node, PatchesDirectory and DiscoveryFile.
type Config struct {
	Version kubernetes.Version
	Node    Node
	Cluster Cluster
	Token   Token
	// PatchesDirectory is where kubeadm finds patches on the machine.
	PatchesDirectory string
	// DiscoveryFile is the path of the kubeconfig with which a worker finds, trusts and joins the cluster.
	DiscoveryFile string
}

// Node is kubeadm's nodeRegistration, and the endpoint of this machine's API server.
type Node struct {
	Name, CRISocket string
	// AdvertiseAddress is the API server's address; empty on workers.
	AdvertiseAddress string
	KubeletArgs      []Arg
	// Taints are kubeadm's defaults if nil, and none if empty.
	Taints []Taint
}

// Taint is core/v1's Taint.
type Taint struct{ Key, Value, Effect string }

// Arg is one flag of a component; a name may occur more than once.
type Arg struct{ Name, Value string }

// Volume is a file or directory of the machine in a component's pod.
type Volume struct {
	Name, HostPath, MountPath string
	ReadOnly                  bool
	PathType                  string
}

// Cluster is kubeadm's ClusterConfiguration and the shared kubelet configuration. Both are the same on every machine.
type Cluster struct {
	Name, ControlPlaneEndpoint, ImageRepository    string
	PodSubnet, ServiceSubnet, DNSDomain            string
	CertSANs                                       []string
	APIServerArgs, ControllerManagerArgs, EtcdArgs []Arg
	SchedulerArgs                                  []Arg
	// EtcdDataDir is etcd's data directory on this machine; empty with ExternalEtcd.
	EtcdDataDir               string
	ExternalEtcd              *ExternalEtcd
	EncryptionAlgorithm       string
	CertificateValidityPeriod time.Duration
	// APIServerVolumes and the others are extraVolumes of the components.
	APIServerVolumes, ControllerManagerVolumes, SchedulerVolumes []Volume
	// NoKubeProxy leaves kube-proxy out; KubeProxyMode is its mode, and its own default if empty.
	NoKubeProxy   bool
	KubeProxyMode string
	// FeatureGates are those of kubelets and kube-proxy. Those of the other components are among their flags.
	FeatureGates map[string]bool
	// Kubelet has fields of the kubelets' configuration beside kindling's own.
	Kubelet map[string]any
	// VolumePluginDir is where kubelet looks for FlexVolume drivers. It is set if /usr is read-only; empty means kubelet's
	// default.
	VolumePluginDir string
}

// ExternalEtcd is etcd on separate machines. Its files are on the control plane's disk.
type ExternalEtcd struct {
	Endpoints                 []string
	CAFile, CertFile, KeyFile string
}

// Token is the bootstrap token that the first control plane creates. A machine with only etcd has none.
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

// supported lists the releases whose etcd has /readyz, which came with etcd 3.5.11.
var supported = kubernetes.Releases{{Minor: 28, Patch: 15}, {Minor: 29, Patch: 15}, {Minor: 30}}

// Supported returns an error if documents cannot be made for this version yet.
func Supported(v kubernetes.Version) error {
	if supported.Include(v) && v.Minor <= kubernetes.NewestMinor {
		return nil
	}
	return fmt.Errorf("no kubeadm documents for %s yet: %s", v, Releases())
}

// Releases are those that documents can be made for, in words.
func Releases() string { return fmt.Sprintf("%s to v%s", supported, kubernetes.NewestMinor) }

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
