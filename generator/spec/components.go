package spec

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// component is a program that extraArgs has flags for.
type component struct {
	program, field string
	// own are the flags that other fields set, or that kindling's own steps depend on.
	own []string
	// rules are about values of which some would break a promise.
	rules map[string]rule
	// starts are the program's own rules.
	starts map[string]rule
	// mounts are the directories of the machine that the program's pod sees; nil for a program that is in no pod.
	mounts func(*checker) []string
}

// rule says which values of a flag keep what kindling promises, and what to write instead of others.
type rule struct {
	keeps     func(c *checker, value string) bool
	otherwise string
}

// authorities are the directories that kubeadm mounts where the machine has them, for what its TLS clients trust (kubeadm:
// app/phases/controlplane/volumes.go).
var authorities = []string{"/etc/kubernetes/pki", "/etc/ssl/certs", "/etc/pki", "/etc/ca-certificates", "/usr/share/ca-certificates", "/usr/local/share/ca-certificates"}

func seen(volumes []Volume, more ...string) []string {
	list := slices.Concat(authorities, more)
	for _, v := range volumes {
		list = append(list, v.MountPath)
	}
	return list
}

var kubeAPIServer = &component{
	program: "kube-apiserver", field: "apiServer",
	own: []string{
		"advertise-address", "client-ca-file", "etcd-cafile", "etcd-certfile", "etcd-keyfile", "etcd-servers",
		"kubelet-client-certificate", "kubelet-client-key", "proxy-client-cert-file", "proxy-client-key-file",
		"requestheader-client-ca-file", "secure-port", "service-account-key-file", "service-account-signing-key-file",
		"service-cluster-ip-range", "tls-cert-file", "tls-private-key-file",
	},
	rules: map[string]rule{
		"anonymous-auth": {isNot(false), "the kubelet's probes have no credentials: with anonymous-auth=false they would stop the API server again and again; " +
			"leave the flag out, and restrict anonymous requests to /livez, /readyz and /healthz by an AuthenticationConfiguration (the flag authentication-config)"},
		"enable-admission-plugins": {hasAll("NodeRestriction"), "the list takes the place of kubeadm's, which is NodeRestriction; without it a worker may change other Nodes. Add NodeRestriction to it"},
		"disable-admission-plugins": {hasNone("NodeRestriction", "ServiceAccount", "NamespaceLifecycle"),
			"without NodeRestriction a worker may change other Nodes, and without ServiceAccount and NamespaceLifecycle the cluster's own pods do not work; take these out of the list"},
		"authorization-mode": {func(_ *checker, value string) bool {
			return hasAll("Node", "RBAC")(nil, value) && hasNone("AlwaysAllow", "AlwaysDeny")(nil, value)
		}, "workers need the modes Node and RBAC, and AlwaysAllow and AlwaysDeny end all others; write Node,RBAC and what you want beside them"},
		"allow-privileged":            {isNot(false), "kube-proxy and the pod network are privileged; remove the flag"},
		"bind-address":                {oneOf("0.0.0.0", "::"), "kubelet, the load balancer and the machine's own steps ask it at the machine's addresses; remove the flag"},
		"enable-bootstrap-token-auth": {isNot(false), "machines of a pool join by a bootstrap token; remove the flag"},
		"requestheader-allowed-names": {func(_ *checker, value string) bool { return value == "" || hasAll("front-proxy-client")(nil, value) },
			"the API servers' own certificate for aggregated ones has the name front-proxy-client; add it to the list"},
		"runtime-config":    {keepsStableAPIs, "the machines and the cluster's own pods need the stable APIs; leave these on"},
		"storage-backend":   {oneOf("etcd3", ""), "there is etcd3 alone; remove the flag"},
		"tls-cipher-suites": onlyCipherSuites,
		"tls-min-version":   onlyTLSVersions,
	},
	starts: ofAPIServer,
	mounts: func(c *checker) []string { return seen(c.ExtraVolumes.APIServer) },
}

var kubeControllerManager = &component{
	program: "kube-controller-manager", field: "controllerManager",
	own: []string{
		"authentication-kubeconfig", "authorization-kubeconfig", "client-ca-file", "cluster-cidr", "cluster-name", "cluster-signing-cert-file", "cluster-signing-key-file",
		"cluster-signing-kube-apiserver-client-cert-file", "cluster-signing-kube-apiserver-client-key-file", "cluster-signing-kubelet-client-cert-file",
		"cluster-signing-kubelet-client-key-file", "cluster-signing-kubelet-serving-cert-file", "cluster-signing-kubelet-serving-key-file",
		"cluster-signing-legacy-unknown-cert-file", "cluster-signing-legacy-unknown-key-file",
		"kubeconfig", "requestheader-client-ca-file", "root-ca-file", "secure-port", "service-account-private-key-file", "service-cluster-ip-range",
	},
	rules: map[string]rule{
		"cloud-provider": onlyOutside,
		"leader-elect":   {electsLeader, "with more than one control plane, each controller manager would act; remove the flag"},
		"controllers": {func(_ *checker, value string) bool {
			return hasAll("*")(nil, value) && hasNone("-csrsigning", "-certificatesigningrequest-signing-controller", "-nodelifecycle", "-node-lifecycle-controller")(nil, value)
		}, "machines need the controllers that sign their certificates and watch their Nodes; begin the list with * and leave these on"},
		"bind-address":                    onEveryMachine,
		"tls-cipher-suites":               onlyCipherSuites,
		"tls-min-version":                 onlyTLSVersions,
		"use-service-account-credentials": {isNot(false), "the rights of the controllers are those of their service accounts; remove the flag"},
	},
	starts: ofControllerManager,
	mounts: func(c *checker) []string {
		return seen(c.ExtraVolumes.ControllerManager, "/etc/kubernetes/controller-manager.conf", "/usr/libexec/kubernetes/kubelet-plugins/volume/exec", "/var/lib/kubelet/volumeplugins")
	},
}

var kubeScheduler = &component{
	program: "kube-scheduler", field: "scheduler",
	own: []string{"authentication-kubeconfig", "authorization-kubeconfig", "kubeconfig", "secure-port"},
	rules: map[string]rule{
		"leader-elect":      {electsLeader, "with more than one control plane, each scheduler would act; remove the flag"},
		"bind-address":      onEveryMachine,
		"tls-cipher-suites": onlyCipherSuites,
		"tls-min-version":   onlyTLSVersions,
	},
	starts: ofScheduler,
	mounts: func(c *checker) []string {
		list := []string{"/etc/kubernetes/scheduler.conf"}
		for _, v := range c.ExtraVolumes.Scheduler {
			list = append(list, v.MountPath)
		}
		return list
	},
}

var kubelet = &component{
	program: "kubelet", field: "kubelet",
	own: []string{
		"bootstrap-kubeconfig", "cert-dir", "config", "container-runtime-endpoint", "hostname-override", "kubeconfig", "node-ip", "pod-manifest-path", "root-dir",
	},
	rules: map[string]rule{
		"cloud-provider":       onlyOutside,
		"cgroup-driver":        {oneOf("systemd"), "containerd and the machine use systemd; remove the flag"},
		"healthz-bind-address": {oneOf("127.0.0.1", "0.0.0.0", "::"), "kubeadm asks at 127.0.0.1; remove the flag"},
		"healthz-port":         {oneOf("10248"), "kubeadm asks at port 10248; remove the flag"},
		"authorization-mode":   {oneOf("Webhook"), "with another mode, every certificate of the cluster could run commands in this machine's pods; remove the flag"},
		"protect-kernel-defaults": {func(c *checker, value string) bool { return isNot(true)(c, value) || c.setsSysctls() },
			"the kubelet then needs sysctls that images do not have; write them with extraFiles below /etc/sysctl.d"},
		"runonce":             {isNot(true), "the kubelet would end after its static pods; remove the flag"},
		"tls-cipher-suites":   onlyCipherSuites,
		"tls-min-version":     onlyTLSVersions,
		"register-node":       {isNot(false), "a machine without a Node is never ready; remove the flag"},
		"rotate-certificates": {isNot(false), "the machine's certificate would end after a year; remove the flag"},
	},
}

// isNot takes every value of a boolean flag but one.
func isNot(unwanted bool) func(*checker, string) bool {
	return func(_ *checker, value string) bool {
		is, err := strconv.ParseBool(value)
		return err != nil || is != unwanted
	}
}

func oneOf(values ...string) func(*checker, string) bool {
	return func(_ *checker, value string) bool { return slices.Contains(values, value) }
}

// hasAll takes a list that has all of these.
func hasAll(names ...string) func(*checker, string) bool {
	return func(_ *checker, value string) bool {
		return !slices.ContainsFunc(names, func(name string) bool { return !slices.Contains(commaList(value), name) })
	}
}

// hasNone takes a list that has none of these.
func hasNone(names ...string) func(*checker, string) bool {
	return func(_ *checker, value string) bool {
		return !slices.ContainsFunc(names, func(name string) bool { return slices.Contains(commaList(value), name) })
	}
}

// lasts takes a duration of at least this.
func lasts(least time.Duration) func(*checker, string) bool {
	return func(_ *checker, value string) bool {
		duration, err := time.ParseDuration(value)
		return err != nil || duration >= least
	}
}

// within takes a whole number in these bounds.
func within(least, most int64) func(*checker, string) bool {
	return func(_ *checker, value string) bool {
		number, err := strconv.ParseInt(value, 0, 64)
		return err != nil || least <= number && number <= most
	}
}

func commaList(value string) []string {
	items := strings.Split(value, ",")
	for i := range items {
		items[i] = strings.TrimSpace(items[i])
	}
	return items
}

func electsLeader(c *checker, value string) bool {
	return isNot(false)(c, value) || len(c.ControlPlanes()) == 1
}

var (
	onlyTLSVersions  = rule{oneOf(tlsVersions...), "must be one of " + strings.Join(tlsVersions, ", ")}
	onlyCipherSuites = rule{func(_ *checker, value string) bool {
		return !slices.ContainsFunc(commaList(value), func(name string) bool { return name != "" && !slices.Contains(cipherSuites(), name) })
	}, "has a name that Go's crypto/tls does not know; an example is TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"}
	onlyOutside    = rule{oneOf("", "external"), "Kubernetes has no cloud providers of its own any more; write external, and add the provider's cloud controller manager to manifests"}
	onEveryMachine = rule{oneOf("127.0.0.1", "::1", "0.0.0.0", "::"), "all control planes get this flag, and only one has this address; write 0.0.0.0 or ::"}
)

// keepsStableAPIs takes what switches no API off that is neither alpha nor beta.
func keepsStableAPIs(_ *checker, value string) bool {
	return !slices.ContainsFunc(commaList(value), func(item string) bool {
		api, state, _ := strings.Cut(item, "=")
		on, err := strconv.ParseBool(state)
		stable := api == "v1" || strings.HasSuffix(api, "/v1") || api == "api/all" || api == "api/ga"
		return stable && err == nil && !on
	})
}
