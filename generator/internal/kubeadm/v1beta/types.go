// Package v1beta has the parts of kubeadm's config APIs kubeadm.k8s.io/v1beta3 (up to Kubernetes 1.30) and v1beta4 (from
// 1.31) that kindling uses, with kubeadm's field names. These parts differ only in how they write flags, and in the fields
// for how certificates are signed. Source: cmd/kubeadm/app/apis/kubeadm/{v1beta3,v1beta4}/types.go in kubernetes/kubernetes.
package v1beta

// The versions of the API.
const (
	V1beta3 = "kubeadm.k8s.io/v1beta3"
	V1beta4 = "kubeadm.k8s.io/v1beta4"
)

// TypeMeta is a document's API version and kind.
type TypeMeta struct {
	APIVersion string `yaml:"apiVersion"`
	Kind       string `yaml:"kind"`
}

// InitConfiguration is what `kubeadm init` needs to know about this machine.
type InitConfiguration struct {
	TypeMeta         `yaml:",inline"`
	BootstrapTokens  []BootstrapToken `yaml:"bootstrapTokens,omitempty"`
	NodeRegistration NodeRegistration `yaml:"nodeRegistration"`
	LocalAPIEndpoint APIEndpoint      `yaml:"localAPIEndpoint"`
	Patches          *Patches         `yaml:"patches,omitempty"`
}

// BootstrapToken is a token that `kubeadm init` creates.
type BootstrapToken struct {
	Token string `yaml:"token"`
	// TTL is a Go duration; 0s never expires.
	TTL string `yaml:"ttl"`
}

// NodeRegistration is how the machine's Node is registered.
type NodeRegistration struct {
	// Name is empty where `kubeadm join --node-name` sets it.
	Name             string   `yaml:"name,omitempty"`
	CRISocket        string   `yaml:"criSocket"`
	KubeletExtraArgs Args     `yaml:"kubeletExtraArgs,omitempty"`
	Taints           *[]Taint `yaml:"taints,omitempty"`
}

// Taint is core/v1's Taint.
type Taint struct {
	Key    string `yaml:"key"`
	Value  string `yaml:"value,omitempty"`
	Effect string `yaml:"effect"`
}

// Args are flags of a component: an ArgMap in v1beta3, an ArgList in v1beta4, or nil.
type Args interface{ args() }

// ArgMap holds each flag once.
type ArgMap map[string]string

// ArgList may repeat a flag.
type ArgList []Arg

// Arg is a flag of a component.
type Arg struct {
	Name  string `yaml:"name"`
	Value string `yaml:"value"`
}

func (ArgMap) args()  {}
func (ArgList) args() {}

// APIEndpoint is where this machine's own API server listens.
type APIEndpoint struct {
	AdvertiseAddress string `yaml:"advertiseAddress"`
	BindPort         int    `yaml:"bindPort"`
}

// Patches is the directory of kubeadm patches on the machine.
type Patches struct {
	Directory string `yaml:"directory"`
}

// ClusterConfiguration is what all machines have in common. kubeadm stores it in the ConfigMap kubeadm-config.
type ClusterConfiguration struct {
	TypeMeta             `yaml:",inline"`
	ClusterName          string                 `yaml:"clusterName"`
	KubernetesVersion    string                 `yaml:"kubernetesVersion"`
	ControlPlaneEndpoint string                 `yaml:"controlPlaneEndpoint"`
	ImageRepository      string                 `yaml:"imageRepository"`
	Networking           Networking             `yaml:"networking"`
	APIServer            *APIServer             `yaml:"apiServer,omitempty"`
	ControllerManager    *ControlPlaneComponent `yaml:"controllerManager,omitempty"`
	Scheduler            *ControlPlaneComponent `yaml:"scheduler,omitempty"`
	Etcd                 Etcd                   `yaml:"etcd"`
	// New in v1beta4.
	Proxy                     *Proxy `yaml:"proxy,omitempty"`
	EncryptionAlgorithm       string `yaml:"encryptionAlgorithm,omitempty"`
	CertificateValidityPeriod string `yaml:"certificateValidityPeriod,omitempty"`
}

// Networking has the cluster's address ranges.
type Networking struct {
	PodSubnet     string `yaml:"podSubnet"`
	ServiceSubnet string `yaml:"serviceSubnet"`
	DNSDomain     string `yaml:"dnsDomain"`
}

// ControlPlaneComponent has a component's extra flags and volumes.
type ControlPlaneComponent struct {
	ExtraArgs    Args            `yaml:"extraArgs,omitempty"`
	ExtraVolumes []HostPathMount `yaml:"extraVolumes,omitempty"`
}

// HostPathMount is a file or directory of the machine in a component's pod.
type HostPathMount struct {
	Name      string `yaml:"name"`
	HostPath  string `yaml:"hostPath"`
	MountPath string `yaml:"mountPath"`
	ReadOnly  bool   `yaml:"readOnly,omitempty"`
	PathType  string `yaml:"pathType,omitempty"`
}

// Proxy is whether there is kube-proxy.
type Proxy struct {
	Disabled bool `yaml:"disabled"`
}

// APIServer has the API server's extra flags, and the extra names in its certificate.
type APIServer struct {
	ControlPlaneComponent `yaml:",inline"`
	CertSANs              []string `yaml:"certSANs,omitempty"`
}

// Etcd is etcd as a static pod on this machine, or on other machines.
type Etcd struct {
	Local    *LocalEtcd    `yaml:"local,omitempty"`
	External *ExternalEtcd `yaml:"external,omitempty"`
}

// ExternalEtcd is etcd that kubeadm does not run.
type ExternalEtcd struct {
	Endpoints []string `yaml:"endpoints"`
	CAFile    string   `yaml:"caFile"`
	CertFile  string   `yaml:"certFile"`
	KeyFile   string   `yaml:"keyFile"`
}

// LocalEtcd is etcd as a static pod.
type LocalEtcd struct {
	DataDir   string `yaml:"dataDir"`
	ExtraArgs Args   `yaml:"extraArgs,omitempty"`
}

// JoinConfiguration is what `kubeadm join` needs.
type JoinConfiguration struct {
	TypeMeta         `yaml:",inline"`
	NodeRegistration NodeRegistration `yaml:"nodeRegistration"`
	Discovery        Discovery        `yaml:"discovery"`
	Patches          *Patches         `yaml:"patches,omitempty"`
}

// Discovery is how a joining machine finds the cluster and verifies that it is the right one.
type Discovery struct {
	File FileDiscovery `yaml:"file"`
}

// FileDiscovery names the kubeconfig with the credential for joining.
type FileDiscovery struct {
	KubeConfigPath string `yaml:"kubeConfigPath"`
}
