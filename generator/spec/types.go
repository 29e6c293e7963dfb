package spec

import "net/netip"

// APIVersion and Kind are the only values that a cluster.yaml may carry in the fields of the same names.
const (
	APIVersion = "kindling/v1alpha1"
	Kind       = "Cluster"
)

// Cluster is a whole cluster.yaml.
type Cluster struct {
	// APIVersion is always kindling/v1alpha1.
	APIVersion string `json:"apiVersion" jsonschema:"enum=kindling/v1alpha1"`
	// Kind is always Cluster.
	Kind string `json:"kind" jsonschema:"enum=Cluster"`
	// Name names the cluster in kubeconfigs and in kubeadm's clusterName. An RFC 1123 label.
	Name string `json:"name" jsonschema:"example=demo"`
	// KubernetesVersion is the exact version that every machine runs, such as v1.37.2.
	KubernetesVersion string `json:"kubernetesVersion" jsonschema:"pattern=^v1\\.[0-9]+\\.[0-9]+$,example=v1.37.2"`
	// ControlPlaneEndpoint is the host and port at which everyone reaches the API servers: the DNS name or virtual IP of
	// the load balancer. kubeadm's field of the same name; the port is required.
	ControlPlaneEndpoint string `json:"controlPlaneEndpoint" jsonschema:"example=api.example.com:6443"`
	// CertSANs are further names and IP addresses in the API servers' certificates (kubeadm's apiServer.certSANs).
	CertSANs []string `json:"certSANs,omitempty"`
	// ImageRepository is the registry of the control plane's images. Default: registry.k8s.io.
	ImageRepository string `json:"imageRepository,omitempty"`
	// Networking has the cluster's address ranges and DNS domain.
	Networking Networking `json:"networking,omitzero"`
	// Etcd says where etcd runs and how it forms.
	Etcd Etcd `json:"etcd,omitzero"`
	// PKI says how keys and certificates are made.
	PKI PKI `json:"pki,omitzero"`
	// BootstrapToken sets the life of the token that the first control plane creates.
	BootstrapToken BootstrapToken `json:"bootstrapToken,omitzero"`
	// WorkerIdentity is the credential with which a worker joins: node-certificate (its own client certificate, of use for
	// no other machine) or token (the shared bootstrap token; the only one for nodes with `count: any`, whatever is written
	// here). Default: node-certificate, or token before Kubernetes 1.14.
	WorkerIdentity string `json:"workerIdentity,omitempty" jsonschema:"enum=node-certificate,enum=token"`
	// LoadBalancer says what stands behind controlPlaneEndpoint.
	LoadBalancer LoadBalancer `json:"loadBalancer,omitzero"`
	// CNI is the pod network's manifest, applied once when the cluster is new. `manifest: none` leaves it to you, as does
	// leaving it out, with a warning.
	CNI Manifest `json:"cni,omitzero"`
	// Addons are further manifests, applied once when the cluster is new, in this order.
	Addons []Manifest `json:"addons,omitempty"`
	// TimeServers are the NTP servers that machines use instead of the image's own. Names or addresses.
	TimeServers []string `json:"timeServers,omitempty"`
	// Network gives machines a static network configuration. Without it they use what their image or DHCP gives them.
	Network *Network `json:"network,omitempty"`
	// OS is the operating system of every node that names none itself: ubuntu, debian, rocky, flatcar or fedora-coreos.
	// The document format follows from it: cloud-init, or Ignition for flatcar and fedora-coreos.
	OS string `json:"os,omitempty" jsonschema:"enum=ubuntu,enum=debian,enum=rocky,enum=flatcar,enum=fedora-coreos"`
	// Install says how Kubernetes' programs get onto the machines.
	Install Install `json:"install,omitzero"`
	// ExtraArgs are further flags of the components.
	ExtraArgs ExtraArgs `json:"extraArgs,omitzero"`
	// Patches are kubeadm patches.
	Patches Patches `json:"patches,omitzero"`
	// ExtraFiles are written on every machine.
	ExtraFiles []File `json:"extraFiles,omitempty"`
	// ExtraSteps run among kindling's own boot steps on every machine.
	ExtraSteps []Step `json:"extraSteps,omitempty"`
	// SSHAuthorizedKeys let their owners log in as the image's default user: a way in when all else failed. Empty by default.
	SSHAuthorizedKeys []string `json:"sshAuthorizedKeys,omitempty"`
	// Nodes are the machines.
	Nodes []Node `json:"nodes"`

	resolved clusterValues
}

// Networking is kubeadm's networking section. In a dual-stack cluster both subnets are pairs, written "IPv4,IPv6" or
// "IPv6,IPv4"; the first is the primary family.
type Networking struct {
	// PodSubnet is the range of the pods' addresses. Each node gets a /24 of it, or a /64 in IPv6. Default: 192.168.0.0/16,
	// or fd00:10:244::/56 when the nodes are IPv6.
	PodSubnet string `json:"podSubnet,omitempty"`
	// ServiceSubnet is the range of the Services' addresses. Default: 10.96.0.0/12, or fd00:10:96::/112 when the nodes are IPv6.
	ServiceSubnet string `json:"serviceSubnet,omitempty"`
	// DNSDomain is the cluster's DNS domain. Default: cluster.local.
	DNSDomain string `json:"dnsDomain,omitempty"`
}

// Etcd says where etcd runs and how it forms.
type Etcd struct {
	// Topology is stacked (on the control planes) or external (on machines of role etcd). Default: stacked.
	Topology string `json:"topology,omitempty" jsonschema:"enum=stacked,enum=external"`
	// DataDir is etcd's data directory on its machines. Default: /var/lib/etcd.
	DataDir string `json:"dataDir,omitempty"`
	// InitialClusterState is new or existing. With existing no document may ever start a new cluster: a machine without
	// data waits for one that has them. Default: new.
	InitialClusterState string `json:"initialClusterState,omitempty" jsonschema:"enum=new,enum=existing"`
	// BootstrapExpect is the number of members that must be seen blank before a new cluster forms. Default: all of them;
	// fewer, down to a majority, gives up the certainty that no second cluster can form.
	BootstrapExpect int `json:"bootstrapExpect,omitempty" jsonschema:"minimum=1"`
}

// PKI says how keys and certificates are made.
type PKI struct {
	// Algorithm of every key that kindling makes: ECDSA-P256, ECDSA-P384, RSA-2048, RSA-3072 or RSA-4096 (kubeadm's
	// encryptionAlgorithm). Default: ECDSA-P256, or RSA-2048 before Kubernetes 1.22, which takes no other.
	Algorithm string `json:"algorithm,omitempty" jsonschema:"enum=ECDSA-P256,enum=ECDSA-P384,enum=RSA-2048,enum=RSA-3072,enum=RSA-4096"`
	// CAKeys is control-plane (each control plane's document carries the CAs' private keys, as kubeadm expects) or offline
	// (no machine ever has them). Default: control-plane.
	CAKeys string `json:"caKeys,omitempty" jsonschema:"enum=control-plane,enum=offline"`
	// CertificateValidityPeriod of leaf certificates. Default: 8760h, one year, and before Kubernetes 1.31 nothing else.
	CertificateValidityPeriod Duration `json:"certificateValidityPeriod,omitzero" jsonschema:"minimum=1"`
	// CACertificateValidityPeriod of CA certificates. Default: 87600h, ten years.
	CACertificateValidityPeriod Duration `json:"caCertificateValidityPeriod,omitzero" jsonschema:"minimum=1"`
}

// BootstrapToken sets the life of the bootstrap token.
type BootstrapToken struct {
	// TTL counts from the moment when the first control plane is up. 0s never expires. Default: 24h.
	TTL *Duration `json:"ttl,omitempty" jsonschema:"minimum=0"`
}

// LoadBalancer says what stands behind controlPlaneEndpoint.
type LoadBalancer struct {
	// Provider is external (yours), haproxy (on machines of role load-balancer or, if there are none, in a static pod on each
	// control plane) or kube-vip (in a static pod on each control plane). Default: external.
	Provider string `json:"provider,omitempty" jsonschema:"enum=external,enum=haproxy,enum=kube-vip"`
	// VirtualIP is the address that those machines share: load-balancer machines by keepalived, control planes by kube-vip.
	// Default: the host of controlPlaneEndpoint, if it is an address and not a node's own.
	VirtualIP string `json:"virtualIP,omitempty"`
	// Interface that holds the virtual IP. Default: the one that holds the machine's own address.
	Interface string `json:"interface,omitempty"`
	// Port on which the load balancer listens; on a control plane not 6443, which the API server has. Default: the port of
	// controlPlaneEndpoint.
	Port int `json:"port,omitempty" jsonschema:"minimum=1,maximum=65535"`
	// VirtualRouterID is VRRP's, 1 to 255, unique in the network (RFC 5798). Default: 51.
	VirtualRouterID int `json:"virtualRouterID,omitempty" jsonschema:"minimum=1,maximum=255"`
}

// Manifest is a Kubernetes manifest to apply.
type Manifest struct {
	// Manifest is an https or http URL, the path of a local file (relative to cluster.yaml) or, for the CNI, none.
	Manifest string `json:"manifest" jsonschema:"example=https://example.com/calico.yaml"`
	// SHA256 of the manifest, 64 hexadecimal digits. Required for a URL.
	SHA256 string `json:"sha256,omitempty" jsonschema:"pattern=^[0-9a-f]{64}$"`

	kind ManifestKind
}

// Network is a static network configuration. In a dual-stack cluster it is that of the gateway's family; the other family
// configures itself.
type Network struct {
	// PrefixLength of the nodes' addresses of the gateway's family, such as 24.
	PrefixLength int `json:"prefixLength" jsonschema:"minimum=1,maximum=128,example=24"`
	// Gateway is the default route's next hop. All nodes are in its network.
	Gateway string `json:"gateway" jsonschema:"example=10.0.0.1"`
	// Nameservers are DNS resolvers, IP addresses.
	Nameservers []string `json:"nameservers,omitempty"`
	// Interface that gets the address. On a node with a mac it is the one with this mac, which cloud-init gives this name.
	// Default: eth0.
	Interface string `json:"interface,omitempty"`

	gateway netip.Addr
}

// Install says how Kubernetes' programs get onto the machines.
type Install struct {
	// Method is preinstalled (the image has them), packages, binaries or sysext. Default: packages, or binaries for flatcar
	// and fedora-coreos, whose /usr is read-only.
	Method string `json:"method,omitempty" jsonschema:"enum=preinstalled,enum=packages,enum=binaries,enum=sysext"`
}

// ExtraArgs are further flags of the components.
type ExtraArgs struct {
	// APIServer has flags of kube-apiserver.
	APIServer []Arg `json:"apiServer,omitempty"`
	// ControllerManager has flags of kube-controller-manager.
	ControllerManager []Arg `json:"controllerManager,omitempty"`
	// Scheduler has flags of kube-scheduler.
	Scheduler []Arg `json:"scheduler,omitempty"`
	// Kubelet has flags of every node's kubelet.
	Kubelet []Arg `json:"kubelet,omitempty"`
	// Etcd has flags of etcd.
	Etcd []Arg `json:"etcd,omitempty"`
}

// Arg is one flag, as in kubeadm's extraArgs: before Kubernetes 1.31 each flag once. Flags that kindling sets itself are refused.
type Arg struct {
	// Name of the flag without leading dashes.
	Name string `json:"name" jsonschema:"example=audit-log-path"`
	// Value of the flag.
	Value string `json:"value" jsonschema:"example=/var/log/audit.log"`
}

// Patches are kubeadm patches.
type Patches struct {
	// Directory has files by kubeadm's names, such as kube-apiserver0+merge.yaml. Relative to cluster.yaml, read at generate time.
	Directory string `json:"directory,omitempty"`
}

// File is a file to write on a machine. It has either content or source.
type File struct {
	// Path on the machine, absolute.
	Path string `json:"path" jsonschema:"example=/etc/motd"`
	// Mode in octal, such as "0644". Default: "0644".
	Mode string `json:"mode,omitempty"`
	// Content is the file's text. `""` makes an empty file.
	Content string `json:"content,omitempty"`
	// Source is a local file, relative to cluster.yaml, read at generate time.
	Source string `json:"source,omitempty"`

	perm int
}

// Step is a boot step of your own. It stands before or after one of kindling's: right-machine, host, clock, runtime, images,
// kubelet, certs, etcd, control-plane, cluster, haproxy, kube-vip, join, ready, load-balancer.
type Step struct {
	// Name of the step, an RFC 1123 label.
	Name string `json:"name" jsonschema:"example=raid"`
	// Before names the step that this one precedes.
	Before string `json:"before,omitempty"`
	// After names the step that this one follows.
	After string `json:"after,omitempty"`
	// Script is bash. It must be safe to run again, also after half a run.
	Script string `json:"script" jsonschema:"example=echo hello"`
}

// The roles of a node.
const (
	ControlPlane = "control-plane"
	Worker       = "worker"
	EtcdMember   = "etcd"
	LoadBalance  = "load-balancer"
)

// CountAny is the Count of a node that stands for any number of machines.
const CountAny = "any"

// Node is one machine, or with `count: any` any number of like ones.
type Node struct {
	// Name of the machine and of its Node object, an RFC 1123 subdomain: lower-case letters, digits, "-" and ".".
	Name string `json:"name" jsonschema:"example=cp0"`
	// Role is control-plane, worker, etcd or load-balancer.
	Role string `json:"role" jsonschema:"enum=control-plane,enum=worker,enum=etcd,enum=load-balancer,example=worker"`
	// Address is the machine's own IP address; for dual stack both, "10.0.0.7,fd00::7", as kubelet's --node-ip takes it.
	// All machines have the same families in the same order. Required without `count: any`.
	Address string `json:"address,omitempty"`
	// MAC is the hardware address by which iPXE chooses the machine's document.
	MAC string `json:"mac,omitempty"`
	// Count is any for workers of an autoscaling group, which have no address of their own and are named by their host names.
	// In dual stack such a machine's addresses are those of its first boot.
	Count string `json:"count,omitempty" jsonschema:"enum=any"`
	// OS overrides the cluster's os.
	OS string `json:"os,omitempty" jsonschema:"enum=ubuntu,enum=debian,enum=rocky,enum=flatcar,enum=fedora-coreos"`
	// Install overrides the cluster's install.
	Install *Install `json:"install,omitempty"`
	// Labels of the Node object. Those that a kubelet may not set on itself are refused.
	Labels map[string]string `json:"labels,omitempty"`
	// Taints of the Node object. On a control plane they replace kubeadm's own; `[]` leaves it without any.
	Taints []Taint `json:"taints,omitzero"`
	// ExtraFiles are written on this machine, beside the cluster's.
	ExtraFiles []File `json:"extraFiles,omitempty"`

	resolved nodeValues
}

// Taint of a Node object.
type Taint struct {
	// Key of the taint.
	Key string `json:"key" jsonschema:"example=example.com/gpu"`
	// Value of the taint.
	Value string `json:"value,omitempty"`
	// Effect is NoSchedule, PreferNoSchedule or NoExecute.
	Effect string `json:"effect" jsonschema:"enum=NoSchedule,enum=PreferNoSchedule,enum=NoExecute,example=NoSchedule"`
}
