package spec

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"kindling/generator/internal/flags"
	"kindling/generator/internal/yamlfile"
)

// etcd does not start with most of what these rules refuse (etcd: server/embed/config.go, Validate); the others would keep its members apart,
// or leave no room for what Kubernetes writes.
var etcd = &component{
	program: "etcd", field: "etcd",
	own: []string{
		"advertise-client-urls", "auto-tls", "cert-file", "client-cert-allowed-hostname", "client-cert-auth", "config-file", "data-dir", "discovery", "discovery-endpoints",
		"discovery-fallback", "discovery-proxy", "discovery-srv", "discovery-srv-name", "discovery-token", "enable-grpc-gateway", "force-new-cluster",
		"initial-advertise-peer-urls", "initial-cluster", "initial-cluster-state", "initial-cluster-token", "key-file",
		"listen-client-http-urls", "listen-client-urls", "listen-peer-urls", "name", "peer-auto-tls", "peer-cert-allowed-cn", "peer-cert-allowed-hostname", "peer-cert-file",
		"peer-client-cert-auth", "peer-key-file", "peer-trusted-ca-file", "trusted-ca-file", "unsafe-no-fsync", "wal-dir",
	},
	rules: map[string]rule{
		"auth-token":                           {oneOf("simple"), "Kubernetes knows etcd by certificates alone; remove the flag"},
		"auto-compaction-mode":                 {oneOf("periodic", "revision"), "etcd knows periodic and revision"},
		"auto-compaction-retention":            {isRetention, "etcd wants hours, such as 8, or a duration, such as 30m"},
		"cipher-suites":                        onlyCipherSuites,
		"compact-hash-check-time":              isPositive,
		"cors":                                 {areOrigins, "etcd wants * or URLs with a port, such as https://console.example.com:443"},
		"corrupt-check-time":                   {lasts(0), "etcd wants 0s, which is off, or more"},
		"distributed-tracing-sampling-rate":    {within(0, 1_000_000), "etcd wants how many of a million, from 0 to 1000000"},
		"election-timeout":                     {electsInTime, "etcd wants at least five times heartbeat-interval (100 by default), and at most 50000"},
		"enable-log-rotation":                  {isNot(true), "the container runtime keeps what etcd writes, and rotates it; remove the flag"},
		"experimental-compact-hash-check-time": isPositive,
		"experimental-corrupt-check-time":      {lasts(0), "etcd wants 0s, which is off, or more"},
		"heartbeat-interval":                   {electsInTime, "etcd wants at least 1, and at most a fifth of election-timeout (1000 by default), in milliseconds"},
		"listen-metrics-urls":                  {listensOn2381, "the machine's steps and the kubelet's probes ask etcd at port 2381 of the loopback address, and all members get this flag; name that, and others for all addresses, such as http://127.0.0.1:2381,http://0.0.0.0:2391"},
		"log-format":                           {oneOf("json", "console"), "etcd knows json and console"},
		"log-level":                            {oneOf("debug", "info", "warn", "error", "panic", "fatal"), "etcd knows debug, info, warn, error, panic and fatal"},
		"log-outputs":                          {onlyStreams, "the container runtime keeps what etcd writes to stderr and stdout; write stderr, or remove the flag"},
		"logger":                               {oneOf("zap"), "etcd knows zap alone; remove the flag"},
		"max-learners":                         {within(1, 1<<31), "a machine that comes back with an empty disk is a learner at first; write 1 or more"},
		"max-request-bytes":                    {within(1<<20, 1<<40), "Kubernetes writes objects of more than a mebibyte; write at least 1048576"},
		"max-txn-ops":                          {within(1, 1<<31), "Kubernetes writes by transactions; write 1 or more"},
		"quota-backend-bytes":                  {hasRoom, "etcd would be full at once; write bytes, such as 8589934592, at least 67108864"},
		"strict-reconfig-check":                {isNot(false), "it keeps a new member from ending the quorum; remove the flag"},
		"tls-max-version":                      {tlsInOrder, "etcd wants TLS1.2 or TLS1.3, and not less than tls-min-version"},
		"tls-min-version":                      {tlsInOrder, "etcd wants TLS1.2 or TLS1.3, not more than tls-max-version, and with TLS1.3 no cipher-suites"},
		"v2-deprecation":                       {oneOf("write-only"), "no release of Kubernetes keeps anything in etcd's v2 store; remove the flag"},
	},
	mounts: func(c *checker) []string { return []string{"/etc/kubernetes/pki/etcd", c.Etcd.DataDir} },
}

// isRetention is etcd's own rule for both modes (etcd: server/embed/etcd.go, parseCompactionRetention).
func isRetention(_ *checker, value string) bool {
	if number, err := strconv.Atoi(value); err == nil {
		return number >= 0
	}
	duration, err := time.ParseDuration(value)
	return err == nil && duration >= 0
}

var isPositive = rule{lasts(1), "etcd wants more than 0s"}

func areOrigins(_ *checker, value string) bool {
	return value == "*" || !slices.ContainsFunc(commaList(value), func(origin string) bool {
		u, err := url.Parse(origin)
		return err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Port() == "" || u.Path != ""
	})
}

func onlyStreams(_ *checker, value string) bool {
	return !slices.ContainsFunc(commaList(value), func(output string) bool { return !slices.Contains([]string{"default", "stderr", "stdout"}, output) })
}

// hasRoom takes 0, which is etcd's default, less, which is no quota, and what a new cluster does not fill.
func hasRoom(_ *checker, value string) bool {
	bytes, err := strconv.ParseInt(value, 0, 64)
	return err != nil || bytes <= 0 || bytes >= 64<<20
}

func electsInTime(c *checker, _ string) bool {
	heartbeat, err := strconv.ParseInt(argOf(c.ExtraArgs.Etcd, "heartbeat-interval", "100"), 0, 64)
	election, err2 := strconv.ParseInt(argOf(c.ExtraArgs.Etcd, "election-timeout", "1000"), 0, 64)
	return err != nil || err2 != nil || heartbeat > 0 && 5*heartbeat <= election && election <= 50000
}

func tlsInOrder(c *checker, value string) bool {
	least, most := argOf(c.ExtraArgs.Etcd, "tls-min-version", ""), argOf(c.ExtraArgs.Etcd, "tls-max-version", "")
	known := slices.Contains([]string{"", "TLS1.2", "TLS1.3"}, value)
	return known && (most == "" || least <= most) && (least != "TLS1.3" || argOf(c.ExtraArgs.Etcd, "cipher-suites", "") == "")
}

// listensOn2381 wants the loopback address of the machines' first family, or all addresses; and no port twice, nor an address that only one
// member has.
func listensOn2381(c *checker, value string) bool {
	wanted := []string{"http://127.0.0.1:2381", "http://0.0.0.0:2381", "http://[::]:2381"}
	if len(c.families) > 0 && c.families[0] == ipv6 {
		wanted = []string{"http://[::1]:2381", "http://[::]:2381"}
	}
	urls, taken := commaList(value), map[string]bool{"2379": true, "2380": true}
	for _, text := range urls {
		u, err := url.Parse(text)
		if err != nil || taken[u.Port()] || !slices.Contains([]string{"127.0.0.1", "::1", "localhost", "0.0.0.0", "::"}, u.Hostname()) {
			return false
		}
		taken[u.Port()] = true
	}
	return slices.ContainsFunc(urls, func(url string) bool { return slices.Contains(wanted, url) })
}

// etcdGates are the feature gates that etcd's flags from before it had any have become (etcd: server/features/etcd_features.go).
var etcdGates = map[string]string{
	"experimental-compact-hash-check-enabled":        "CompactHashCheck",
	"experimental-enable-lease-checkpoint":           "LeaseCheckpoint",
	"experimental-enable-lease-checkpoint-persist":   "LeaseCheckpointPersist",
	"experimental-initial-corrupt-check":             "InitialCorruptCheck",
	"experimental-stop-grpc-service-on-defrag":       "StopGRPCServiceOnDefrag",
	"experimental-txn-mode-write-with-shared-buffer": "TxnModeWriteWithSharedBuffer",
}

// checkEtcdArgs is about flags of etcd that do not go with each other.
func (c *checker) checkEtcdArgs() {
	list, on, set := at("extraArgs", "etcd"), map[string]bool{}, map[string]string{}
	if c.Sound("kubernetesVersion") && len(flags.Of("EtcdGates", c.Version().Minor)) > 0 {
		// kubeadm writes them where nobody else does (kubeadm: app/phases/etcd/local.go).
		set["feature-gates"], set["watch-progress-notify-interval"] = "InitialCorruptCheck=true", "5s"
	}
	for i, arg := range c.ExtraArgs.Etcd {
		set[arg.Name] = arg.Value
		if arg.Name == "feature-gates" {
			c.checkEtcdGates(list.With(i, "value"), on, arg.Value)
		}
	}
	for i, arg := range c.ExtraArgs.Etcd {
		p, gate, newer := list.With(i, "name"), etcdGates[arg.Name], strings.TrimPrefix(arg.Name, "experimental-")
		switch _, both := set[newer]; {
		case c.lacks(etcd, arg.Name): // which has a report of its own
		case gate != "" && strings.Contains(set["feature-gates"], gate):
			c.Errorf(p, "etcd does not start with this beside the feature gate %s, which kubeadm sets where feature-gates is not written; write feature-gates instead", gate)
		case newer != arg.Name && both:
			c.Errorf(p, "etcd does not start with this beside %s, which kubeadm may set itself; write %[1]s instead", newer)
		case gate != "":
			on[gate], _ = strconv.ParseBool(arg.Value)
		}
	}
	isOn := func(gate string) bool {
		value, written := on[gate]
		return value || !written && on["AllAlpha"]
	}
	if isOn("LeaseCheckpointPersist") && !isOn("LeaseCheckpoint") {
		c.Errorf(list, "etcd does not start with LeaseCheckpointPersist on and LeaseCheckpoint off; write LeaseCheckpoint=true in feature-gates")
	}
}

// checkEtcdGates holds feature gates against those of the etcd that goes with the cluster's release, and notes what is on.
func (c *checker) checkEtcdGates(p yamlfile.Path, on map[string]bool, list string) {
	c.eachGate(p, list, func(name string, value bool) {
		on[name] = value
		if !c.Sound("kubernetesVersion") {
			return
		}
		if known := flags.Of("EtcdGates", c.Version().Minor); len(known) > 0 && !slices.Contains(known, name) {
			c.Errorf(p, "etcd of Kubernetes %s has no feature gate %s%s", c.Version().Minor, yamlfile.Quote(name), yamlfile.DidYouMean(name, known))
		}
	})
}
