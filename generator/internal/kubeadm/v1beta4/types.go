// Package v1beta4 has the parts of kubeadm's config API kubeadm.k8s.io/v1beta4 (Kubernetes 1.31 and later) that kindling
// uses, with kubeadm's own field names. Source: cmd/kubeadm/app/apis/kubeadm/v1beta4/types.go of kubernetes/kubernetes.
package v1beta4

// APIVersion of every kind in this package.
const APIVersion = "kubeadm.k8s.io/v1beta4"

// TypeMeta says what a document is.
type TypeMeta struct {
	APIVersion string `json:"apiVersion"`
	Kind       string `json:"kind"`
}

// InitConfiguration is what `kubeadm init` needs to know of this machine.
type InitConfiguration struct {
	TypeMeta         `json:",inline"`
	BootstrapTokens  []BootstrapToken `json:"bootstrapTokens,omitempty"`
	NodeRegistration NodeRegistration `json:"nodeRegistration"`
	LocalAPIEndpoint APIEndpoint      `json:"localAPIEndpoint"`
	Patches          *Patches         `json:"patches,omitempty"`
}

// BootstrapToken is a token that `kubeadm init` creates.
type BootstrapToken struct {
	Token string `json:"token"`
	// TTL is a Go duration; 0s never expires.
	TTL string `json:"ttl"`
}

// NodeRegistration is how the machine's Node is registered.
type NodeRegistration struct {
	Name             string   `json:"name"`
	CRISocket        string   `json:"criSocket"`
	KubeletExtraArgs []Arg    `json:"kubeletExtraArgs,omitempty"`
	Taints           *[]Taint `json:"taints,omitempty"`
}

// Taint is core/v1's Taint.
type Taint struct {
	Key    string `json:"key"`
	Value  string `json:"value,omitempty"`
	Effect string `json:"effect"`
}

// Arg is a flag of a component.
type Arg struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// APIEndpoint is where this machine's own API server listens.
type APIEndpoint struct {
	AdvertiseAddress string `json:"advertiseAddress"`
	BindPort         int    `json:"bindPort"`
}

// Patches is the directory of kubeadm patches on the machine.
type Patches struct {
	Directory string `json:"directory"`
}

// ClusterConfiguration is what all machines have in common. kubeadm stores it in the ConfigMap kubeadm-config.
type ClusterConfiguration struct {
	TypeMeta                    `json:",inline"`
	ClusterName                 string                 `json:"clusterName"`
	KubernetesVersion           string                 `json:"kubernetesVersion"`
	ControlPlaneEndpoint        string                 `json:"controlPlaneEndpoint"`
	ImageRepository             string                 `json:"imageRepository"`
	Networking                  Networking             `json:"networking"`
	APIServer                   *APIServer             `json:"apiServer,omitempty"`
	ControllerManager           *ControlPlaneComponent `json:"controllerManager,omitempty"`
	Scheduler                   *ControlPlaneComponent `json:"scheduler,omitempty"`
	Etcd                        Etcd                   `json:"etcd"`
	EncryptionAlgorithm         string                 `json:"encryptionAlgorithm"`
	CertificateValidityPeriod   string                 `json:"certificateValidityPeriod"`
	CACertificateValidityPeriod string                 `json:"caCertificateValidityPeriod"`
}

// Networking has the cluster's address ranges.
type Networking struct {
	PodSubnet     string `json:"podSubnet"`
	ServiceSubnet string `json:"serviceSubnet"`
	DNSDomain     string `json:"dnsDomain"`
}

// ControlPlaneComponent has a component's further flags.
type ControlPlaneComponent struct {
	ExtraArgs []Arg `json:"extraArgs,omitempty"`
}

// APIServer has the API server's flags and further names.
type APIServer struct {
	ControlPlaneComponent `json:",inline"`
	CertSANs              []string `json:"certSANs,omitempty"`
}

// Etcd is etcd on the control planes.
type Etcd struct {
	Local LocalEtcd `json:"local"`
}

// LocalEtcd is etcd as a static pod.
type LocalEtcd struct {
	DataDir   string `json:"dataDir"`
	ExtraArgs []Arg  `json:"extraArgs,omitempty"`
}

// JoinConfiguration is what `kubeadm join` needs.
type JoinConfiguration struct {
	TypeMeta         `json:",inline"`
	NodeRegistration NodeRegistration `json:"nodeRegistration"`
	Discovery        Discovery        `json:"discovery"`
	Patches          *Patches         `json:"patches,omitempty"`
}

// Discovery is how a joining machine finds the cluster and knows that it is the right one.
type Discovery struct {
	File           *FileDiscovery           `json:"file,omitempty"`
	BootstrapToken *BootstrapTokenDiscovery `json:"bootstrapToken,omitempty"`
}

// FileDiscovery names a kubeconfig.
type FileDiscovery struct {
	KubeConfigPath string `json:"kubeConfigPath"`
}

// BootstrapTokenDiscovery trusts a token and the CA's hash.
type BootstrapTokenDiscovery struct {
	Token             string   `json:"token"`
	APIServerEndpoint string   `json:"apiServerEndpoint"`
	CACertHashes      []string `json:"caCertHashes"`
}
