package build

import "strings"

// The versions that Kubernetes 1.37 requires, and the plugins that are built with them.
const (
	EtcdVersion       = "v3.7.0"
	CoreDNSVersion    = "v1.14.6"
	CNIPluginsVersion = "v1.9.1"
	ContainerdVersion = "v2.4.2"
)

// OlderContainerdVersion is the newest of containerd 1, as Debian 13 has one.
const OlderContainerdVersion = "v1.7.35"

// The pod networks that machines install from a manifest. After this version, Flannel's own plugin was removed from the
// reference plugins, and it is no longer available as a module.
const (
	FlannelVersion       = "v0.28.10"
	FlannelPluginVersion = "v0.9.1"
	KubeRouterVersion    = "v2.1.0"
)

// CrictlVersion may be any version that supports CRI v1.
const CrictlVersion = "v1.34.0"

// KubeVIPVersion is the version that documents name.
const KubeVIPVersion = "v1.2.2"

// HAProxyVersion is the version of the image that documents name. Here the image contains Debian's HAProxy.
const HAProxyVersion = "3.2.18"

// ButaneVersion is the version of the library that kindling translates with.
const ButaneVersion = "v0.29.0"

// Etcd returns one of etcd, etcdctl and etcdutl.
func Etcd(name, version string) Program {
	if name == "etcd" {
		return fromModule("go.etcd.io/etcd/server/v3", "", name, version)
	}
	return fromModule("go.etcd.io/etcd/"+name+"/v3", "", name, version)
}

// Butane returns the command that people translate Butane configs with.
func Butane(version string) Program {
	return fromModule("github.com/coreos/butane", "/internal", "butane", version)
}

// MatchboxVersion is the newest release.
const MatchboxVersion = "v0.11.0"

// Matchbox returns the server that boots machines over the network by profiles and groups.
func Matchbox(version string) Program {
	return fromModule("github.com/poseidon/matchbox", "/cmd/matchbox", "matchbox", version)
}

// CoreDNS returns CoreDNS with the plugins that upstream builds in.
func CoreDNS(version string) Program {
	return fromModule("github.com/coredns/coredns", "", "coredns", version)
}

// CNIPlugin returns one of the reference plugins; kind is main, ipam or meta.
func CNIPlugin(kind, name, version string) Program {
	return fromModule("github.com/containernetworking/plugins", "/plugins/"+kind+"/"+name, name, version).
		setting("/pkg/utils/buildversion.BuildVersion")
}

// Crictl returns crictl, with which kubeadm talks to containerd up to Kubernetes 1.30.
func Crictl(version string) Program {
	return fromModule("sigs.k8s.io/cri-tools", "/cmd/crictl", "crictl", version)
}

// Containerd returns one of containerd, containerd-shim-runc-v2 and ctr.
func Containerd(name, version string) Program {
	module := "github.com/containerd/containerd"
	if !strings.HasPrefix(version, "v1.") {
		module += "/v2"
	}
	return fromModule(module, "/cmd/"+name, name, version).setting("/version.Version")
}

// Flannel returns Flannel's daemon, without the two backends that need a cloud's own module and a C compiler.
func Flannel(version string) Program {
	program := fromModule("github.com/flannel-io/flannel", "", "flanneld", version).setting("/pkg/version.Version")
	backend := func(name string) string { return "\t_ \"" + program.source.path + "/pkg/backend/" + name + "\"\n" }
	program.source.replaced = []changedModule{{
		path: program.source.path,
		file: "main.go",
		old:  backend("tencentvpc") + backend("udp"),
	}}
	return program
}

// FlannelInstaller returns the program that copies the network's configuration to where the container runtime looks.
func FlannelInstaller(version string) Program {
	return fromModule("github.com/flannel-io/flannel", "/cmd/install_conf", "install-conf", version)
}

// KubeRouter returns kube-router, a pod network that supports IPv6 as well.
func KubeRouter(version string) Program {
	return fromModule("github.com/cloudnativelabs/kube-router/v2", "/cmd/kube-router", "kube-router", version).setting("/pkg/version.Version")
}

// KubeVIP returns kube-vip, which holds the API servers' virtual IP.
func KubeVIP(version string) Program {
	return fromModule("github.com/kube-vip/kube-vip", "", "kube-vip", version)
}

// Pause returns our own program that holds a pod's namespaces.
func Pause() Program {
	return Program{Name: "pause", Version: "v2", pkg: "kindling/e2e/internal/rig/pause"}
}

// fromModule returns the program of a package, which is given by its path inside the module.
func fromModule(module, pkg, name, version string) Program {
	return Program{
		Name:    name,
		Version: version,
		pkg:     module + pkg,
		source:  source{path: module, version: version},
	}
}

// setting returns the program with its version in a variable of its module.
func (p Program) setting(variable string) Program {
	p.vars = map[string]string{p.source.path + variable: p.Version}
	return p
}
