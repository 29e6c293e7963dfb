package spec

import (
	"net/netip"
	"net/url"

	"kindling/generator/internal/snippet"
)

// APIVersion and Kind are the only values that the fields of the same names may have.
const (
	APIVersion = "kindling/v1alpha1"
	Kind       = "Cluster"
)

// Cluster is everything that a cluster.yaml says.
type Cluster struct {
	// APIVersion is the version of the file's format.
	APIVersion string `json:"apiVersion" jsonschema:"enum=kindling/v1alpha1" change:"no"`
	// Kind is the kind of object that the file describes.
	Kind string `json:"kind" jsonschema:"enum=Cluster" change:"no"`
	// Name of the cluster, in kubeconfigs and as kubeadm's clusterName. An RFC 1123 label.
	Name string `json:"name" jsonschema:"example=demo" change:"no"`
	// KubernetesVersion is the exact version that every machine runs.
	KubernetesVersion string `json:"kubernetesVersion" jsonschema:"pattern=^v1\\.[0-9]+\\.[0-9]+$,example=v1.37.2" change:"by hand; upgrade the running cluster with kubeadm first"`
	// ControlPlaneEndpoint is the host and port at which all clients reach the API servers: the DNS name or virtual IP of
	// the load balancer. The port is required. kubeadm has a field of the same name.
	ControlPlaneEndpoint string `json:"controlPlaneEndpoint" jsonschema:"example=api.example.com:6443" change:"no"`
	// CertSANs are additional DNS names and IP addresses in the API servers' certificates (kubeadm's apiServer.certSANs).
	CertSANs []string `json:"certSANs,omitempty" jsonschema:"example=k8s.example.com" change:"new machines"`
	// ImageRepository is the registry of kubeadm's images.
	ImageRepository string `json:"imageRepository,omitempty" jsonschema:"default=registry.k8s.io,example=registry.example.com/k8s" change:"new machines"`
	// Images are container images that are not in imageRepository.
	Images Images `json:"images,omitzero"`
	// Networking has the address ranges and the DNS domain of the cluster.
	Networking Networking `json:"networking,omitzero"`
	// KubeProxy is how Services reach their pods.
	KubeProxy KubeProxy `json:"kubeProxy,omitzero"`
	// Etcd is where etcd runs and how it forms a cluster.
	Etcd Etcd `json:"etcd,omitzero"`
	// PKI is how keys and certificates are made.
	PKI PKI `json:"pki,omitzero"`
	// Secrets are how keys and tokens get to the machines.
	Secrets Secrets `json:"secrets,omitzero"`
	// BootstrapToken is the token that the first control plane creates.
	BootstrapToken BootstrapToken `json:"bootstrapToken,omitzero"`
	// WorkerIdentity is the credential that a worker joins with: node-certificate, its own client certificate, which no other
	// machine can use; or token, the shared bootstrap token. Nodes with `count: any` always join with the token.
	//
	// Default: node-certificate, but token before Kubernetes 1.14.
	WorkerIdentity string `json:"workerIdentity,omitempty" jsonschema:"enum=node-certificate,enum=token,example=token" change:"new machines"`
	// LoadBalancer is what stands behind controlPlaneEndpoint.
	LoadBalancer LoadBalancer `json:"loadBalancer,omitzero"`
	// CNI is the manifest of the pod network. Write `manifest: none` to apply one yourself; leaving cni out does the same, with
	// a warning.
	CNI Manifest `json:"cni,omitzero"`
	// Addons are more manifests, applied in this order after the pod network.
	Addons []Manifest `json:"addons,omitempty" change:"by hand; use kubectl"`
	// TimeServers are NTP servers, by name or address.
	//
	// Default: those of the image.
	TimeServers []string `json:"timeServers,omitempty" jsonschema:"example=ntp.example.com" change:"new machines"`
	// Proxy is the HTTP proxy by which machines reach what is outside.
	Proxy Proxy `json:"proxy,omitzero"`
	// Network is a static network configuration. Without it, machines use what their image or DHCP gives them.
	Network *Network `json:"network,omitempty"`
	// NetworkConfig is a local file, cloud-init's network-config of version 1 or 2, for what network cannot say: bonds, VLANs, routes.
	// It goes to the machines as it is. On Ignition machines, snippets of Butane do that.
	//
	// Default: none.
	NetworkConfig string `json:"networkConfig,omitempty" jsonschema:"example=network-config.yaml" change:"new machines"`
	// MetadataAddresses are the IP addresses of the cloud's metadata service, which gives user-data to whoever asks. Pods can't reach TCP port 80
	// there; the machines, and pods on the machines' network, can. With an empty list pods can, too.
	//
	// Default: 169.254.169.254 and fd00:ec2::254, as on most clouds.
	MetadataAddresses []string `json:"metadataAddresses,omitempty" jsonschema:"example=100.100.100.200" change:"new machines"`
	// Provider is where the machines run. Its limit on user-data is checked, and documents are written in the encoding that it takes.
	//
	// Default: none; out/README.md lists the limits of all.
	Provider ProviderName `json:"provider,omitempty" jsonschema:"example=aws" change:"yes"`
	// OS is the operating system of every node that does not name its own. It decides the format of the documents: Ignition for
	// flatcar and fedora-coreos, cloud-init for all others.
	//
	// Default: none; each node then needs its own.
	OS OSName `json:"os,omitempty" jsonschema:"example=ubuntu" change:"new machines"`
	// Install is how the programs of Kubernetes get onto the machines. It has to be said, here or for each node.
	Install Install `json:"install,omitzero"`
	// Mirrors are base URLs in the place of public hosts, by host. What is below the host has the same path at its mirror.
	Mirrors map[string]string `json:"mirrors,omitempty" jsonschema:"example=dl.k8s.io: https://mirror.example.com/k8s" change:"new machines"`
	// TrustedCAFile is the local file, relative to cluster.yaml, with the certificates of your own CAs (PEM), for mirrors, registries and
	// proxies that have theirs from them. Each machine's operating system trusts them, and `kindling lock` does.
	//
	// Default: none; those that the operating system trusts.
	TrustedCAFile string `json:"trustedCAFile,omitempty" jsonschema:"example=corp-ca.pem" change:"new machines"`
	// Registries are where containerd gets images from, by the host of their names, with a port if that has one; "_default" is for all
	// others. They become containerd's hosts.toml files.
	Registries map[string]Registry `json:"registries,omitempty" change:"new machines"`
	// KubeletConfiguration has fields of the kubelets' configuration file, by their own names (KubeletConfiguration of
	// kubelet.config.k8s.io/v1beta1), for all Nodes. With `failSwapOn: false` their machines keep their swap.
	//
	// Default: kubeadm's own.
	KubeletConfiguration map[string]any `json:"kubeletConfiguration,omitempty" jsonschema:"example=maxPods: 200" change:"new machines; running ones as kubeadm's documentation says"`
	// FeatureGates are the features that are on (true) or off in the API server, controller manager, scheduler, kubelets and kube-proxy.
	//
	// Default: none.
	FeatureGates map[string]bool `json:"featureGates,omitempty" jsonschema:"example=NodeSwap: true" change:"new machines"`
	// ExtraArgs are additional flags of the components.
	ExtraArgs ExtraArgs `json:"extraArgs,omitzero"`
	// ExtraVolumes are files and directories of the control planes that components see in their static pods: the files that their
	// flags name.
	ExtraVolumes ExtraVolumes `json:"extraVolumes,omitzero"`
	// Patches are patches for kubeadm, of static pods and of the kubelet's configuration.
	Patches Patches `json:"patches,omitzero"`
	// ExtraFiles are files to write on every machine.
	ExtraFiles []File `json:"extraFiles,omitempty" change:"new machines"`
	// ExtraSteps are boot steps of your own, among kindling's.
	ExtraSteps []Step `json:"extraSteps,omitempty" change:"new machines"`
	// Snippets are cloud-config and Butane of your own, which kindling merges into the machines' documents: users, disks, packages, anything.
	Snippets []Snippet `json:"snippets,omitempty" change:"new machines"`
	// SSHAuthorizedKeys are public keys whose owners may log in as the image's default user, for when all else has failed.
	SSHAuthorizedKeys []string `json:"sshAuthorizedKeys,omitempty" jsonschema:"example=ssh-ed25519 AAAAC3… me@example.com" change:"new machines"`
	// PXE is how machines with a mac boot over the network. Without it the iPXE scripts have variables to set.
	PXE *PXE `json:"pxe,omitempty"`
	// Nodes are the machines of the cluster.
	Nodes []Node `json:"nodes" change:"yes; docs/first-boot.md says how"`

	networkConfig []byte
	resolved      clusterValues
}

// Networking has the address ranges and the DNS domain of the cluster, like kubeadm's section of the same name. In a dual-stack
// cluster both subnets are pairs, "IPv4,IPv6" or "IPv6,IPv4"; the first is the primary family.
type Networking struct {
	// PodSubnet is the range of the pods' addresses. Each node gets a /24, or a /64 for IPv6.
	//
	// Default: 192.168.0.0/16, or fd00:10:244::/56 if the nodes' addresses are IPv6.
	PodSubnet string `json:"podSubnet,omitempty" jsonschema:"example=10.244.0.0/16" change:"no"`
	// ServiceSubnet is the range of the Services' addresses.
	//
	// Default: 10.96.0.0/12, or fd00:10:96::/112 if the nodes' addresses are IPv6.
	ServiceSubnet string `json:"serviceSubnet,omitempty" jsonschema:"example=10.96.0.0/16" change:"no"`
	// DNSDomain is the DNS domain of the cluster.
	DNSDomain string `json:"dnsDomain,omitempty" jsonschema:"default=cluster.local,example=demo.local" change:"no"`
}

// Images are container images that are not in imageRepository.
type Images struct {
	// KubeVIP is the image of kube-vip.
	//
	// Default: ghcr.io/kube-vip/kube-vip, in the release that kindling is tested with.
	KubeVIP string `json:"kubeVIP,omitempty" jsonschema:"example=registry.example.com/kube-vip/kube-vip:v1.2.2" change:"new machines"`
	// HAProxy is the image of HAProxy, where that is a static pod.
	//
	// Default: docker.io/library/haproxy, in the release that kindling is tested with.
	HAProxy string `json:"haproxy,omitempty" jsonschema:"example=registry.example.com/library/haproxy:3.2.18" change:"new machines"`
}

// KubeProxy is how Services reach their pods.
type KubeProxy struct {
	// Disabled leaves kube-proxy out, for a pod network that does its work. From Kubernetes 1.31 on.
	//
	// Default: false.
	Disabled bool `json:"disabled,omitempty" jsonschema:"example=true" change:"by hand; use kubectl"`
	// Mode is how kube-proxy does its work. nftables is there from Kubernetes 1.31 on.
	//
	// Default: kube-proxy's own, iptables.
	Mode string `json:"mode,omitempty" jsonschema:"enum=iptables,enum=ipvs,enum=nftables,example=nftables" change:"by hand; use kubectl"`
}

// Etcd is where etcd runs and how it forms a cluster.
type Etcd struct {
	// Topology is where etcd runs: stacked on the control planes, or external on machines of role etcd.
	Topology string `json:"topology,omitempty" jsonschema:"enum=stacked,enum=external,default=stacked,example=external" change:"no"`
	// DataDir is the directory of etcd's data, on the machines that run etcd.
	DataDir string `json:"dataDir,omitempty" jsonschema:"default=/var/lib/etcd,example=/data/etcd" change:"no"`
	// InitialClusterState is what machines without data may do. With new they can form a cluster. With existing they wait for a
	// machine that has data, and no document can start a new cluster.
	InitialClusterState string `json:"initialClusterState,omitempty" jsonschema:"enum=new,enum=existing,default=new,example=existing" change:"yes; write existing once the cluster has formed"`
	// BootstrapExpect is the number of members that must be seen blank before a new cluster forms: at least a majority. With
	// fewer than all, a second cluster can form.
	//
	// Default: all members.
	BootstrapExpect int `json:"bootstrapExpect,omitempty" jsonschema:"minimum=1,example=3" change:"yes; it only matters while a cluster forms"`
}

// PKI is how keys and certificates are made.
type PKI struct {
	// Algorithm of every key that kindling and kubeadm make (kubeadm's encryptionAlgorithm).
	//
	// Default: ECDSA-P256, but RSA-2048 before Kubernetes 1.22, which does not accept ECDSA.
	Algorithm string `json:"algorithm,omitempty" jsonschema:"enum=ECDSA-P256,enum=ECDSA-P384,enum=RSA-2048,enum=RSA-3072,enum=RSA-4096,example=RSA-3072" change:"new machines; existing keys stay"`
	// CAKeys is where the private keys of the CAs are. With control-plane they are in every control plane's document, where kubeadm
	// expects them. With offline no machine ever has them: documents bring all certificates, kindling pki renew makes new ones in time, and
	// nothing joins without a document of its own, see docs/security.md.
	CAKeys string `json:"caKeys,omitempty" jsonschema:"enum=control-plane,enum=offline,default=control-plane,example=offline" change:"new machines"`
	// CertificateValidityPeriod is the lifetime of all certificates except CAs, at least 10m. Only the default is possible before Kubernetes 1.31.
	CertificateValidityPeriod Duration `json:"certificateValidityPeriod,omitzero" jsonschema:"minimum=1,default=8760h,example=2160h" change:"new machines; existing certificates stay"`
	// CACertificateValidityPeriod is the lifetime of CA certificates.
	CACertificateValidityPeriod Duration `json:"caCertificateValidityPeriod,omitzero" jsonschema:"minimum=1,default=87600h,example=175200h" change:"no; existing CAs stay"`
}

// Secrets are how keys and tokens get to the machines.
type Secrets struct {
	// Delivery is inline, in the documents themselves, or split. Then documents are for everyone to read: each has the URL and the SHA-256
	// of its machine's secret part, out/secret/NAME, which the machine fetches at its boot, see docs/security.md.
	Delivery string `json:"delivery,omitempty" jsonschema:"enum=inline,enum=split,default=inline,example=split" change:"new machines"`
	// URL is where machines find out/secret, over HTTPS.
	//
	// Default: none; with split each node has a secretURL.
	URL string `json:"url,omitempty" jsonschema:"example=https://secrets.example.com/demo" change:"new machines"`
	// CAFile is the local file, relative to cluster.yaml, with the certificates of the CAs (PEM) that the server may have its own from,
	// and no others.
	//
	// Default: none; those that the operating system trusts.
	CAFile string `json:"caFile,omitempty" jsonschema:"example=corp-ca.pem" change:"new machines"`

	authorities []byte
}

// BootstrapToken is the token that the first control plane creates. Workers without a certificate of their own join with it.
type BootstrapToken struct {
	// TTL is the lifetime of the token, at least 10m, from the moment when the first control plane is up. With 0s it never expires.
	TTL *Duration `json:"ttl,omitempty" jsonschema:"minimum=0,default=24h,example=72h" change:"yes; kindling token uses it"`
}

// LoadBalancer is what stands behind controlPlaneEndpoint.
type LoadBalancer struct {
	// Provider of the load balancer: external is your own; haproxy runs on machines of role load-balancer or, if there are none,
	// in a static pod on each control plane; kube-vip runs in a static pod on each control plane.
	Provider string `json:"provider,omitempty" jsonschema:"enum=external,enum=haproxy,enum=kube-vip,default=external,example=haproxy" change:"by hand; replace the machines that it runs on; kube-vip needs a new cluster, which gives it its rights"`
	// VirtualIP is the address that these machines share: load balancers through keepalived, control planes through kube-vip.
	//
	// Default: the host of controlPlaneEndpoint, if that is an IP address and not a node's own.
	VirtualIP string `json:"virtualIP,omitempty" jsonschema:"example=10.0.0.100" change:"no"`
	// Interface that holds the virtual IP.
	//
	// Default: the one that holds the machine's own address.
	Interface string `json:"interface,omitempty" jsonschema:"example=eth0" change:"new machines"`
	// Port on which the load balancer listens. On control planes it cannot be 6443, which the API server uses.
	//
	// Default: the port of controlPlaneEndpoint.
	Port int `json:"port,omitempty" jsonschema:"minimum=1,maximum=65535,example=8443" change:"no"`
	// VirtualRouterID is the VRRP router ID of the load balancers, 1 to 255, unique in their network (RFC 5798).
	VirtualRouterID int `json:"virtualRouterID,omitempty" jsonschema:"minimum=1,maximum=255,default=51,example=52" change:"by hand; replace all load balancers at the same time"`
}

// Manifest is a Kubernetes manifest, applied once: when the cluster is new.
type Manifest struct {
	// Manifest is the URL (https or http) or local path (relative to cluster.yaml) of the manifest. For cni, also none.
	Manifest string `json:"manifest" jsonschema:"example=https://example.com/calico.yaml" change:"by hand; use kubectl"`
	// SHA256 is the SHA-256 of the manifest: 64 hexadecimal digits. For a URL, `kindling lock` can pin it instead.
	//
	// Default: none.
	SHA256 string `json:"sha256,omitempty" jsonschema:"pattern=^[0-9a-f]{64}$,example=9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08" change:"by hand; use kubectl"`

	kind ManifestKind
	data []byte
}

// Network is a static network configuration. In a dual-stack cluster it is for the gateways' families; a family without a gateway
// configures itself.
type Network struct {
	// PrefixLength is the prefix length of the nodes' addresses: one for each gateway, in the same order.
	PrefixLength PrefixLength `json:"prefixLength" jsonschema:"example=24" change:"new machines"`
	// Gateway is the next hop of the default route; in dual stack it can be one of each family, "10.0.0.1,fd00::1". One outside a
	// machine's network is on the same link, and the machine reaches it directly.
	Gateway string `json:"gateway" jsonschema:"example=10.0.0.1" change:"new machines"`
	// Nameservers are the IP addresses of DNS resolvers.
	Nameservers []string `json:"nameservers,omitempty" jsonschema:"example=10.0.0.53" change:"new machines"`
	// Interface that gets the addresses. On a node with a mac it is the interface with that mac, and cloud-init gives it this name. A bond
	// or VLAN has to be made first: networkConfig does both.
	//
	// Default: eth0.
	Interface string `json:"interface,omitempty" jsonschema:"example=enp1s0" change:"new machines"`
	// MTU is the largest packet of the interface, in bytes.
	//
	// Default: the interface's own, mostly 1500.
	MTU int `json:"mtu,omitempty" jsonschema:"minimum=1280,maximum=9216,example=1450" change:"new machines"`
	// SearchDomains are the DNS domains that short names are looked up in.
	SearchDomains []string `json:"searchDomains,omitempty" jsonschema:"example=corp.example" change:"new machines"`

	gateways []netip.Addr
}

// Install is how the programs of Kubernetes get onto the machines.
type Install struct {
	// Method of installation; docs/images.md compares them. With packages the machine installs Kubernetes' own packages. With binaries
	// it fetches what the publishers have released, and with sysext a system extension, on flatcar. kindling.lock pins all of it. With
	// preinstalled the image has all programs.
	//
	// Default: none. For flatcar and fedora-coreos, whose /usr is read-only, and before Kubernetes 1.24, packages is not possible.
	Method string `json:"method,omitempty" jsonschema:"enum=preinstalled,enum=packages,enum=binaries,enum=sysext,example=binaries" change:"new machines"`
	// Versions are those of the programs beside Kubernetes' own, with the method binaries; containerd and runc also with packages on
	// rocky and alma, which have none.
	Versions Versions `json:"versions,omitzero"`
}

// Versions are releases of the programs that Kubernetes needs beside its own, without a "v".
type Versions struct {
	// Containerd is the release of containerd.
	//
	// Default: one that goes with the Kubernetes version; `kindling lock` writes it down.
	Containerd string `json:"containerd,omitempty" jsonschema:"example=2.3.4" change:"new machines"`
	// Runc is the release of runc.
	//
	// Default: the one that goes with containerd's default.
	Runc string `json:"runc,omitempty" jsonschema:"example=1.4.3" change:"new machines"`
	// CNI is the release of the CNI plugins.
	//
	// Default: one that goes with containerd's default.
	CNI string `json:"cni,omitempty" jsonschema:"example=1.9.1" change:"new machines"`
	// Crictl is the release of crictl, which kubeadm needs before Kubernetes 1.31.
	//
	// Default: one that goes with the Kubernetes version.
	Crictl string `json:"crictl,omitempty" jsonschema:"example=1.29.0" change:"new machines"`
}

// Registry is where containerd gets the images of one registry from. With the install method preinstalled, the image's containerd has
// to read /etc/containerd/certs.d (its config_path).
type Registry struct {
	// Mirrors are base URLs, tried in this order before the registry itself. A path has to be that of a registry's API, which has a v2
	// in it.
	Mirrors []string `json:"mirrors,omitempty" jsonschema:"example=https://mirror.example.com/v2/docker" change:"new machines"`
	// CAFile is the local file, relative to cluster.yaml, with the certificates of the CAs that the mirrors and the registry have theirs
	// from (PEM).
	//
	// Default: none; those that the operating system trusts.
	CAFile string `json:"caFile,omitempty" jsonschema:"example=corp-ca.pem" change:"new machines"`

	authorities []byte
}

// Proxy is the HTTP proxy by which machines reach what is outside: for downloads, package managers and containerd's images. Nothing
// between machines or pods goes through it, and no pod is told about it. In a step of your own, `proxied COMMAND` runs a command with
// it. A user name or password in its URL reaches every machine's document, in a file of root's alone.
type Proxy struct {
	// HTTP is the URL of the proxy for http URLs, without a path.
	//
	// Default: none; directly.
	HTTP string `json:"http,omitempty" jsonschema:"example=http://proxy.example.com:3128" change:"new machines"`
	// HTTPS is the URL of the proxy for https URLs. Most proxies are asked by http for these, too.
	//
	// Default: none; directly.
	HTTPS string `json:"https,omitempty" jsonschema:"example=http://proxy.example.com:3128" change:"new machines"`
	// NoProxy are hosts that machines reach directly: a name, a domain with all names in it (.example.com), an IP address or a CIDR. The
	// machines' addresses, pods, Services and controlPlaneEndpoint need not be named. The addresses of a pool's machines are not known.
	NoProxy []string `json:"noProxy,omitempty" jsonschema:"example=.example.com" change:"new machines"`

	http, https *url.URL
}

// ExtraArgs are additional flags of the components, on every machine that runs them.
type ExtraArgs struct {
	// APIServer has the flags of kube-apiserver.
	APIServer []Arg `json:"apiServer,omitempty" change:"new machines"`
	// ControllerManager has the flags of kube-controller-manager.
	ControllerManager []Arg `json:"controllerManager,omitempty" change:"new machines"`
	// Scheduler has the flags of kube-scheduler.
	Scheduler []Arg `json:"scheduler,omitempty" change:"new machines"`
	// Kubelet has the flags of every node's kubelet.
	Kubelet []Arg `json:"kubelet,omitempty" change:"new machines"`
	// Etcd has the flags of etcd.
	Etcd []Arg `json:"etcd,omitempty" change:"new machines"`
}

// Arg is one flag, like an item of kubeadm's extraArgs. A flag may be repeated, except before Kubernetes 1.31. Flags that kindling
// sets itself are refused, and values with which the program would not start.
type Arg struct {
	// Name of the flag, without leading dashes.
	Name string `json:"name" jsonschema:"example=audit-log-path" change:"new machines"`
	// Value of the flag.
	Value string `json:"value" jsonschema:"example=/var/log/audit.log" change:"new machines"`
}

// NodeArgs are additional flags on one machine.
type NodeArgs struct {
	// Kubelet has the flags of this machine's kubelet, after the cluster's.
	Kubelet []Arg `json:"kubelet,omitempty" change:"new machines"`
}

// ExtraVolumes are files and directories of the control planes that components see in their static pods.
type ExtraVolumes struct {
	// APIServer has the volumes of kube-apiserver.
	APIServer []Volume `json:"apiServer,omitempty" change:"new machines"`
	// ControllerManager has the volumes of kube-controller-manager.
	ControllerManager []Volume `json:"controllerManager,omitempty" change:"new machines"`
	// Scheduler has the volumes of kube-scheduler.
	Scheduler []Volume `json:"scheduler,omitempty" change:"new machines"`
}

// Volume is a file or a directory of the machine in a static pod, like an item of kubeadm's extraVolumes.
type Volume struct {
	// Name of the volume in the pod, an RFC 1123 label.
	Name string `json:"name" jsonschema:"example=audit" change:"new machines"`
	// HostPath is the path on the machine, absolute.
	HostPath string `json:"hostPath" jsonschema:"example=/etc/kubernetes/audit" change:"new machines"`
	// MountPath is the path in the pod, absolute.
	MountPath string `json:"mountPath" jsonschema:"example=/etc/kubernetes/audit" change:"new machines"`
	// ReadOnly is true if the component only reads there.
	//
	// Default: false.
	ReadOnly bool `json:"readOnly,omitempty" jsonschema:"example=true" change:"new machines"`
	// PathType is what has to be at hostPath, or is made there (core/v1's HostPathType).
	//
	// Default: none; anything may be there.
	PathType string `json:"pathType,omitempty" jsonschema:"enum=DirectoryOrCreate,enum=Directory,enum=FileOrCreate,enum=File,enum=Socket,example=DirectoryOrCreate" change:"new machines"`
}

// Patches are patches for kubeadm, of static pods and of the kubelet's configuration.
type Patches struct {
	// Directory of patches, relative to cluster.yaml. kubeadm decides what the names of its files mean, such as
	// kube-apiserver0+merge.yaml. What is none of its patches stays behind.
	//
	// Default: none.
	Directory string `json:"directory,omitempty" jsonschema:"example=patches" change:"new machines"`

	files []LocalFile
}

// File is a file to write on a machine. It has either content or source.
type File struct {
	// Path of the file on the machine, absolute.
	Path string `json:"path" jsonschema:"example=/etc/motd" change:"new machines"`
	// Mode of the file, in octal and in quotes.
	Mode string `json:"mode,omitempty" jsonschema:"default=0644,example=0600" change:"new machines"`
	// Owner of the file, USER or USER:GROUP, by names or numbers. A snippet may create the user.
	//
	// Default: root.
	Owner string `json:"owner,omitempty" jsonschema:"example=app:app" change:"new machines"`
	// Content is the text of the file. `""` makes an empty file.
	//
	// Default: none.
	Content string `json:"content,omitempty" jsonschema:"example=hello" change:"new machines"`
	// Source is the local file to copy, relative to cluster.yaml. Like all local files it is below the directory of cluster.yaml, also by
	// way of links, or below the one of the flag --files.
	//
	// Default: none.
	Source string `json:"source,omitempty" jsonschema:"example=motd.txt" change:"new machines"`
	// Roles of the nodes that get the file.
	//
	// Default: all.
	Roles []string `json:"roles,omitempty" jsonschema:"example=control-plane" change:"new machines"`

	perm int
	data []byte
}

// Snippet is a document of your own for some machines. It has either cloudConfig or butane: a machine gets those that its operating
// system reads. Where two of them, or one of them and kindling, disagree about a value, that is an error.
type Snippet struct {
	// CloudConfig is the local file, relative to cluster.yaml, with cloud-config, which begins with #cloud-config. Its bootcmd comes after
	// kindling's own, and its runcmd runs before kindling's first step, so it must not wait for the cluster.
	//
	// Default: none.
	CloudConfig string `json:"cloudConfig,omitempty" jsonschema:"example=users.yaml" change:"new machines"`
	// Butane is the local file, relative to cluster.yaml, with a Butane config of the variant flatcar or fcos. It names no files beside it.
	//
	// Default: none.
	Butane string `json:"butane,omitempty" jsonschema:"example=disks.bu" change:"new machines"`
	// Roles of the nodes that get the snippet.
	//
	// Default: all.
	Roles []string `json:"roles,omitempty" jsonschema:"example=control-plane" change:"new machines"`
	// Nodes are the names of the nodes that get the snippet, in the place of roles.
	//
	// Default: all.
	Nodes []string `json:"nodes,omitempty" jsonschema:"example=w0" change:"new machines"`

	data     []byte
	document snippet.Snippet
}

// Step is a boot step of your own, before or after one of kindling's, which docs/first-boot.md lists. A machine without that
// step skips yours.
type Step struct {
	// Name of the step, an RFC 1123 label.
	Name string `json:"name" jsonschema:"example=raid" change:"new machines"`
	// Before is the step that follows yours. A step has either before or after.
	//
	// Default: none.
	Before string `json:"before,omitempty" jsonschema:"example=runtime" change:"new machines"`
	// After is the step that precedes yours.
	//
	// Default: none.
	After string `json:"after,omitempty" jsonschema:"example=host" change:"new machines"`
	// Script is the bash script of the step. It must be safe to run again, even after half a run. It has the values of
	// /etc/kindling/node.env, and can call `say TEXT` for a line on the console, `waiting TEXT` in a loop that waits, and `fail TEXT`
	// to end this try.
	Script string `json:"script" jsonschema:"example=echo hello" change:"new machines"`
	// Always is true if the step runs at every boot, and not once in the machine's life.
	//
	// Default: false.
	Always bool `json:"always,omitempty" jsonschema:"example=true" change:"new machines"`
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

// Node is one machine or, with `count: any`, any number of identical workers.
type Node struct {
	// Name of the machine and of its Node object. An RFC 1123 subdomain: lower-case letters, digits, "-" and ".".
	Name string `json:"name" jsonschema:"example=cp0" change:"no; another name is another machine"`
	// Role of the machine.
	Role string `json:"role" jsonschema:"enum=control-plane,enum=worker,enum=etcd,enum=load-balancer,example=worker" change:"no"`
	// Address is the IP address of the machine. In dual stack it is both, "10.0.0.7,fd00::7", as in kubelet's --node-ip. All
	// machines have the same families in the same order.
	//
	// Default: none; required without `count: any`.
	Address string `json:"address,omitempty" jsonschema:"example=10.0.0.7" change:"new machines"`
	// MAC is the hardware address by which iPXE finds the machine's document.
	//
	// Default: none.
	MAC string `json:"mac,omitempty" jsonschema:"example=52:54:00:00:00:07" change:"yes"`
	// Count of machines. With any, the node stands for the workers of an autoscaling group: they have no address here, and each
	// takes its host name as its Node's name. In dual stack, each keeps the addresses of its first boot.
	//
	// Default: one machine.
	Count string `json:"count,omitempty" jsonschema:"enum=any" change:"new machines"`
	// NamePattern is what the host names of machines with `count: any` look like: lower-case letters, digits, "-" and ".", "*" for any
	// number of these and "?" for one. No bootstrap token is good for any other name, and a machine with another one does not join.
	//
	// Default: *
	NamePattern string `json:"namePattern,omitempty" jsonschema:"example=pool-*" change:"new machines"`
	// SecretURL is the whole URL of this machine's secret part, such as a presigned one of an object store. Its query is not shown on the
	// console.
	//
	// Default: the machine's name below secrets.url.
	SecretURL string `json:"secretURL,omitempty" jsonschema:"example=https://bucket.example.com/w0?signature=1" change:"new machines"`
	// Provider is where this machine runs.
	//
	// Default: the cluster's provider.
	Provider ProviderName `json:"provider,omitempty" jsonschema:"example=hetzner" change:"yes"`
	// OS is the operating system of this machine.
	//
	// Default: the cluster's os.
	OS OSName `json:"os,omitempty" jsonschema:"example=flatcar" change:"new machines"`
	// Install is how the programs of Kubernetes get onto this machine.
	//
	// Default: the cluster's install.
	Install *Install `json:"install,omitempty"`
	// Network is a static network configuration for this machine, in the place of the cluster's.
	//
	// Default: the cluster's network.
	Network *Network `json:"network,omitempty"`
	// NetworkConfig is a local file, cloud-init's network-config for this machine, in the place of the cluster's network and networkConfig.
	//
	// Default: the cluster's networkConfig.
	NetworkConfig string `json:"networkConfig,omitempty" jsonschema:"example=w0-network.yaml" change:"new machines"`
	// Labels of the Node object. Of those that a kubelet may not set on itself only node-role.kubernetes.io/NAME can be among them: the
	// control planes set it.
	Labels map[string]string `json:"labels,omitempty" jsonschema:"example=disk: ssd" change:"new machines; use kubectl for running ones"`
	// Taints of the Node object. On a control plane they replace kubeadm's own; `[]` leaves it without any.
	//
	// Default: kubeadm's own on a control plane.
	Taints []Taint `json:"taints,omitzero" change:"new machines; use kubectl for running ones"`
	// KubeletConfiguration has fields of this machine's kubelet's configuration file, over the cluster's.
	//
	// Default: the cluster's kubeletConfiguration.
	KubeletConfiguration map[string]any `json:"kubeletConfiguration,omitempty" jsonschema:"example=maxPods: 30" change:"new machines"`
	// ExtraArgs are additional flags on this machine.
	ExtraArgs NodeArgs `json:"extraArgs,omitzero"`
	// ExtraFiles are files to write on this machine, in addition to the cluster's.
	ExtraFiles []File `json:"extraFiles,omitempty" change:"new machines"`

	networkConfig []byte
	resolved      nodeValues
}

// PXE is how machines with a mac boot over the network.
type PXE struct {
	// BaseURL is where the machines find out/.
	BaseURL string `json:"baseURL" jsonschema:"example=http://10.0.0.1:8080" change:"yes"`
	// Install says where the operating system goes: to the disk, if it is ubuntu, flatcar or fedora-coreos. The machine then boots from its
	// disk, if that comes before the network in its boot order.
	//
	// Default: nowhere; the machine boots into its memory each time.
	Install string `json:"install,omitempty" jsonschema:"enum=disk,example=disk" change:"new machines"`
	// Disk that the operating system is installed on.
	//
	// Default: /dev/sda, with `install: disk`. On ubuntu the largest one, which its installer chooses.
	Disk string `json:"disk,omitempty" jsonschema:"example=/dev/nvme0n1" change:"new machines"`
	// Images of the operating systems, by their names.
	Images map[string]PXEImage `json:"images,omitempty" change:"new machines"`
}

// PXEImage is what an operating system boots over the network from. Each is a URL, or a path below baseURL.
type PXEImage struct {
	// Kernel is the kernel.
	Kernel string `json:"kernel" jsonschema:"example=images/flatcar/vmlinuz" change:"new machines"`
	// Initrd is the initial root file system.
	Initrd string `json:"initrd" jsonschema:"example=images/flatcar/image.cpio.gz" change:"new machines"`
	// RootFS is the image of the root file system, where it is not in the initrd; for ubuntu with `install: disk`, the ISO of the server
	// installer.
	//
	// Default: none.
	RootFS string `json:"rootfs,omitempty" jsonschema:"example=images/debian/root.squashfs" change:"new machines"`
}

// Taint of a Node object.
type Taint struct {
	// Key of the taint.
	Key string `json:"key" jsonschema:"example=example.com/gpu" change:"new machines; use kubectl for running ones"`
	// Value of the taint.
	//
	// Default: empty.
	Value string `json:"value,omitempty" jsonschema:"example=a100" change:"new machines; use kubectl for running ones"`
	// Effect of the taint.
	Effect string `json:"effect" jsonschema:"enum=NoSchedule,enum=PreferNoSchedule,enum=NoExecute,example=NoSchedule" change:"new machines; use kubectl for running ones"`
}
