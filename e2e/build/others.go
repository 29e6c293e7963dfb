package build

// The versions that Kubernetes 1.37 asks for, and the plugins that are built with them.
const (
	EtcdVersion       = "v3.7.0"
	CoreDNSVersion    = "v1.14.6"
	CNIPluginsVersion = "v1.9.1"
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
	return Program{Name: "pause", Version: "v1", pkg: "kindling/e2e/rig/pause"}
}
