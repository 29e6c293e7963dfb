// Package step is the one list of kindling's boot steps. From it come the order and the documentation of the steps, the names
// that cluster.yaml's extraSteps may refer to, and what run.sh knows about each step. The shell of a step is the function
// step_NAME in a file of package templates; which machine has which steps is decided by generator/internal/plan.
package step

import (
	"slices"
	"time"
)

// DefaultLimit is how long one try of a step may take, unless the step says otherwise. A try that is cut off while it waits for
// something outside the machine has not failed: the next one goes on.
const DefaultLimit = 5 * time.Minute

// Step is one boot step.
type Step struct {
	// Name in cluster.yaml, on the console and in status.json; with "_" for "-" the shell function's, after "step_".
	Name string
	// On, Does and WaitsFor are the step's row in docs/first-boot.md: the machines that have it, what it does, and what outside
	// the machine it waits for. Does and WaitsFor may be empty.
	On, Does, WaitsFor string
	// EveryBoot steps look at the machine as it is now. Other steps are done once in a machine's life.
	EveryBoot bool
	// Limit of one try; zero is [DefaultLimit].
	Limit time.Duration
}

// The steps.
var (
	RightMachine = Step{Name: "right-machine", EveryBoot: true,
		On:       "all",
		Does:     "compares the machine's addresses with the document's; in a pool, takes the machine's host name",
		WaitsFor: "the document's address on an interface; in a pool, a host name"}
	Trust = Step{Name: "trust",
		On:   "all, with trustedCAFile",
		Does: "has the operating system trust your own CAs"}
	Secrets = Step{Name: "secrets", EveryBoot: true,
		On:       "all, with secrets.delivery: split",
		Does:     "puts the files of the machine's secret part in place, again if one of them is not what it was",
		WaitsFor: "a time source, as the step clock does; the server of the secret parts"}
	Modules = Step{Name: "modules", Limit: 30 * time.Minute,
		On:       "stock images of rocky and alma, but no load balancers",
		Does:     "installs the package of kernel modules that images of version 10 lack",
		WaitsFor: "the operating system's repositories"}
	Host = Step{Name: "host", EveryBoot: true,
		On:   "all but load balancers",
		Does: "host name, kernel modules, sysctls; swap off, unless the kubelet goes with it"}
	MetadataService = Step{Name: "metadata-service", EveryBoot: true,
		On:   "control planes, workers",
		Does: "keeps pods away from the cloud's metadata service"}
	Settings = Step{Name: "settings",
		On:   "machines with a proxy, or with extraFiles that something reads only as it starts",
		Does: "has these files read: kernel modules, sysctls, systemd's units and drop-ins, containerd's configuration and the like"}
	Clock = Step{Name: "clock", EveryBoot: true,
		On:       "all",
		WaitsFor: "a time source that answers, at most 90 s; then the first second of the certificates"}
	Install = Step{Name: "install", Limit: time.Hour,
		On:       "machines with the install method packages or binaries",
		Does:     "installs the programs that kindling.lock pins, and what else the image lacks",
		WaitsFor: "the publishers and repositories, or their mirrors"}
	Firewall = Step{Name: "firewall", EveryBoot: true,
		On:   "machines that install with a package manager",
		Does: "names a firewall that is on, and what it has to let in"}
	Runtime = Step{Name: "runtime",
		On:   "all but load balancers",
		Does: "checks the programs, their versions and how containerd is configured; starts containerd"}
	Registries = Step{Name: "registries",
		On:   "machines with registries, where containerd is the image's own",
		Does: "checks that containerd reads them"}
	Images = Step{Name: "images", Limit: 30 * time.Minute,
		On:       "control planes, etcd machines",
		Does:     "pulls the images that the machine does not have",
		WaitsFor: "the registry"}
	EtcdDisk = Step{Name: "etcd-disk", EveryBoot: true,
		On:       "control planes with etcd, etcd machines",
		WaitsFor: "the disk of etcd's directory, where one is to be mounted there"}
	Kubelet = Step{Name: "kubelet",
		On:   "etcd machines",
		Does: "starts kubelet alone, for etcd's static pod"}
	Certs = Step{Name: "certs", EveryBoot: true,
		On: "control planes",
		Does: "kubeadm's preflight, certificates and kubeconfigs, again when a third of their time is over; starts kubelet. With external " +
			"etcd it comes after the step etcd"}
	Etcd = Step{Name: "etcd", EveryBoot: true,
		On:       "control planes, or etcd machines",
		Does:     "forms a new etcd, joins a formed one, or resumes",
		WaitsFor: "the other members"}
	// ExternalEtcd has the place and the name of Etcd where etcd runs on machines of its own.
	ExternalEtcd = Step{Name: "etcd", EveryBoot: true,
		On:       "control planes with external etcd",
		WaitsFor: "a member that holds keys, or all of them"}
	ControlPlane = Step{Name: "control-plane",
		On:       "control planes",
		Does:     "API server, controller manager, scheduler",
		WaitsFor: "the machine's own API server"}
	Cluster = Step{Name: "cluster",
		On:   "control planes",
		Does: "kubeadm's cluster-wide phases, pod network, addons; once in a cluster's life"}
	HAProxy = Step{Name: "haproxy",
		On:       "control planes of a cluster with HAProxy on them",
		Does:     "HAProxy's static pod",
		WaitsFor: "an API server that is ready, through HAProxy"}
	KubeVIP = Step{Name: "kube-vip", EveryBoot: true,
		On:       "control planes of a cluster with kube-vip",
		Does:     "kube-vip's kubeconfig and static pod",
		WaitsFor: "an API server at controlPlaneEndpoint"}
	Join = Step{Name: "join", EveryBoot: true,
		On:       "workers",
		Does:     "kubeadm join, again if the kubelet's certificate expired while the machine was off",
		WaitsFor: "an API server at controlPlaneEndpoint that lets the machine in, and the end of an earlier Node with its name"}
	LoadBalancer = Step{Name: "load-balancer",
		On:       "load balancers",
		Does:     "HAProxy and, with a virtual IP, keepalived",
		WaitsFor: "an API server that is ready"}
	Ready = Step{Name: "ready", EveryBoot: true,
		On:       "control planes, workers",
		WaitsFor: "the machine's Node, reported by the kubelet of this boot, and with a pod network its readiness"}
)

// All steps in the order of docs/first-boot.md. No machine has all of them.
var All = []Step{
	RightMachine, Trust, Secrets, Modules, Host, MetadataService, Settings, Clock, Install, Firewall, Runtime, Registries, Images, EtcdDisk, Kubelet, Certs, Etcd, ExternalEtcd, ControlPlane, Cluster, HAProxy,
	KubeVIP, Join,
	Ready, LoadBalancer,
}

// Names are the steps' names, each once, in the order of [All].
func Names() []string {
	var names []string
	for _, s := range All {
		if !slices.Contains(names, s.Name) {
			names = append(names, s.Name)
		}
	}
	return names
}
