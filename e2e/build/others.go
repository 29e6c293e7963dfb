package build

// The versions that Kubernetes 1.37 asks for, and the plugins that are built with them.
const (
	EtcdVersion       = "v3.7.0"
	CoreDNSVersion    = "v1.14.6"
	CNIPluginsVersion = "v1.9.1"
	ContainerdVersion = "v2.4.2"
)

// The pod networks that machines get by a manifest. Flannel's own plugin has left the reference plugins after this version,
// and is not to be had as a module since.
const (
	FlannelVersion       = "v0.28.10"
	FlannelPluginVersion = "v0.9.1"
	KubeRouterVersion    = "v2.1.0"
)

// ButaneVersion is that of the library that kindling translates with.
const ButaneVersion = "v0.29.0"

// Etcd returns one of etcd, etcdctl and etcdutl.
func Etcd(name, version string) Program {
	module := "go.etcd.io/etcd/" + name + "/v3"
	if name == "etcd" {
		module = "go.etcd.io/etcd/server/v3"
	}
	return Program{
		Name:    name,
		Version: version,
		pkg:     module,
		source:  source{path: module, version: version},
	}
}

// Butane returns the command that people translate Butane configs with.
func Butane(version string) Program {
	const module = "github.com/coreos/butane"
	return Program{
		Name:    "butane",
		Version: version,
		pkg:     module + "/internal",
		source:  source{path: module, version: version},
	}
}

// CoreDNS returns CoreDNS with the plugins that upstream builds in.
func CoreDNS(version string) Program {
	const module = "github.com/coredns/coredns"
	return Program{
		Name:    "coredns",
		Version: version,
		pkg:     module,
		source:  source{path: module, version: version},
	}
}

// CNIPlugin returns one of the reference plugins; kind is main, ipam or meta.
func CNIPlugin(kind, name, version string) Program {
	const module = "github.com/containernetworking/plugins"
	return Program{
		Name:    name,
		Version: version,
		pkg:     module + "/plugins/" + kind + "/" + name,
		source:  source{path: module, version: version},
		vars:    map[string]string{module + "/pkg/utils/buildversion.BuildVersion": version},
	}
}

// Pause returns the program that holds a pod's namespaces, which is our own.
func Pause() Program {
	return Program{Name: "pause", Version: "v2", pkg: "kindling/e2e/rig/pause"}
}

// Containerd returns one of containerd, containerd-shim-runc-v2 and ctr.
func Containerd(name, version string) Program {
	const module = "github.com/containerd/containerd/v2"
	return Program{
		Name:    name,
		Version: version,
		pkg:     module + "/cmd/" + name,
		source:  source{path: module, version: version},
		vars:    map[string]string{module + "/version.Version": version},
	}
}

// Flannel returns the pod network's daemon, without the two backends that need a cloud's own module and a C compiler.
func Flannel(version string) Program {
	const module = "github.com/flannel-io/flannel"
	return Program{
		Name:    "flanneld",
		Version: version,
		pkg:     module,
		source: source{path: module, version: version, replaced: []changedModule{{
			path: module,
			file: "main.go",
			old:  "\t_ \"" + module + "/pkg/backend/tencentvpc\"\n\t_ \"" + module + "/pkg/backend/udp\"\n",
		}}},
		vars: map[string]string{module + "/pkg/version.Version": version},
	}
}

// FlannelInstaller returns the program that copies the network's configuration to where the container runtime looks.
func FlannelInstaller(version string) Program {
	const module = "github.com/flannel-io/flannel"
	return Program{
		Name:    "install-conf",
		Version: version,
		pkg:     module + "/cmd/install_conf",
		source:  source{path: module, version: version},
	}
}

// KubeRouter returns the pod network that knows IPv6 as well.
func KubeRouter(version string) Program {
	const module = "github.com/cloudnativelabs/kube-router/v2"
	return Program{
		Name:    "kube-router",
		Version: version,
		pkg:     module + "/cmd/kube-router",
		source:  source{path: module, version: version},
		vars:    map[string]string{module + "/pkg/version.Version": version},
	}
}
