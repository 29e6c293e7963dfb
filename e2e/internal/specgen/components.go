package specgen

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"kindling/e2e/internal/kindling"
)

// A flag of a program, and values that it takes. Without any, it takes every text.
type flag struct {
	name   string
	values []string
}

// usual are flags that every minor has and that nothing depends on.
var usual = map[string][]flag{
	"kube-apiserver": {
		{"v", levels}, {"audit-log-maxage", numbers}, {"audit-log-path", nil},
		{"event-ttl", durations}, {"profiling", truths}, {"audit-webhook-mode", []string{"batch", "blocking"}}, {"service-node-port-range", []string{"30000-32767", "1000+20", "0-0"}},
	},
	"kube-controller-manager": {
		{"v", levels}, {"terminated-pod-gc-threshold", numbers}, {"profiling", truths}, {"node-monitor-period", durations}, {"kube-api-qps", []string{"50", ".5", "1e2", "0x1p4"}},
	},
	"kube-scheduler": {{"v", levels}, {"profiling", truths}, {"kube-api-qps", []string{"50", "12e03"}}, {"vmodule", []string{"", "a=1", "a*=1,b=02"}}},
	"kubelet": {
		{"v", levels}, {"image-gc-high-threshold", []string{"90", "0x64"}}, {"runtime-cgroups", nil}, {"max-pods", numbers}, {"system-reserved", reservations}, {"kube-reserved", reservations},
	},
	"etcd": {
		{"quota-backend-bytes", sizes}, {"heartbeat-interval", []string{"100", "0x32", "0200"}}, {"election-timeout", []string{"1500", "1_000", "50000"}},
		{"max-request-bytes", sizes}, {"log-level", []string{"debug", "info", "warn", "error", "panic", "fatal"}},
	},
}

// Values in all forms in which Go's own parsers take them.
var (
	levels       = []string{"0", "4", "007"}
	numbers      = []string{"1", "30", "007", "0777", "0o17", "0x1f", "0b11", "1_000"}
	sizes        = []string{"2147483648", "010_000_000_000", "0o17777777777", "0x7fffffff", "0b1111111111111111111111111111111", "2_000_000_000"}
	reservations = []string{"", "cpu=100m", "cpu=0.5,memory=1Gi", "memory=1e9,ephemeral-storage=1G,pid=1000"}
	truths       = []string{"true", "false", "T", "f", "1", "0", "TRUE"}
	durations    = []string{"1h", "90m", "1h0m0.5s", "1.5h", "1h1us"}
)

func (m *maker) extraArgs() object {
	var o object
	for _, c := range []struct{ field, program string }{
		{"apiServer", "kube-apiserver"}, {"controllerManager", "kube-controller-manager"}, {"scheduler", "kube-scheduler"}, {"kubelet", "kubelet"}, {"etcd", "etcd"},
	} {
		if m.one(3) {
			o.set(c.field, m.args(c.program))
		}
	}
	return o
}

func (m *maker) args(program string) []any {
	all := usual[program]
	if m.one(25) {
		all = flagsOf(program, m.minor)
	}
	texts := values
	if program == "kubelet" {
		texts = oneWord
	}
	var list []any
	for _, f := range some(&m.stream, 3, all...) {
		taken := f.values
		if taken == nil {
			taken = texts
		}
		list = append(list, object{{"name", f.name}, {"value", pick(&m.stream, taken...)}})
		if m.minor >= 31 && m.one(6) {
			list = append(list, object{{"name", f.name}, {"value", pick(&m.stream, taken...)}})
		}
	}
	return list
}

// flagsOf are all flags of a minor that kindling knows, with any text for a value.
func flagsOf(program string, minor int) []flag {
	text, err := os.ReadFile(filepath.Join(kindling.Source(), "generator/internal/flags", program+".txt"))
	if err != nil {
		panic(err) // the file is a part of kindling
	}
	var all []flag
	for line := range strings.Lines(string(text)) {
		if words := strings.Fields(line); slices.Contains(words[1:], fmt.Sprint(max(minor, 33))) {
			all = append(all, flag{name: words[0]})
		}
	}
	return all
}

func (m *maker) extraVolumes() object {
	var o object
	for _, name := range []string{"apiServer", "controllerManager", "scheduler"} {
		if !m.one(2) {
			continue
		}
		var list []any
		for i, label := range some(&m.stream, 2, labels...) {
			v := object{{"name", label}, {"hostPath", pick(&m.stream, m.paths("")...)}, {"mountPath", fmt.Sprintf("/mnt/%d%s", i, pick(&m.stream, m.paths("")...))}}
			if m.one(2) {
				v.set("readOnly", m.one(2))
			}
			if m.one(2) {
				v.set("pathType", pick(&m.stream, "DirectoryOrCreate", "Directory", "FileOrCreate", "File", "Socket"))
			}
			list = append(list, v)
		}
		if list != nil {
			o.set(name, list)
		}
	}
	return o
}

func (m *maker) kubeletConfiguration() object {
	all := object{
		{"maxPods", pick(&m.stream, 200, 1, 1<<31-1)},
		{"evictionHard", object{{"memory.available", pick(&m.stream, "500Mi", "0", "5%", "1e3")}, {"nodefs.available", "10%"}}},
		{"systemReserved", object{{"cpu", pick(&m.stream, "100m", "1", "0.5", "1e0")}, {"memory", "1Gi"}}},
		{"allowedUnsafeSysctls", []any{"net.*", "kernel.msg*", "kernel.sem"}},
		{"nodeStatusUpdateFrequency", pick(&m.stream, "10s", "0s", "1m30s", "1.5h")},
		{"serializeImagePulls", m.one(2)},
		{"containerLogMaxSize", pick(&m.stream, "10Mi", "1e7")},
		{"podPidsLimit", pick(&m.stream, -1, 4096)},
		{"imageGCHighThresholdPercent", 81 + m.below(20)},
		{"tlsCipherSuites", []any{"TLS_AES_128_GCM_SHA256"}},
		{"clusterDNS", []any{pick(&m.stream, "10.96.0.10", "fd00:10:96::a", "1.1.1.1")}},
		{"resolvConf", pick(&m.stream, "/run/systemd/resolve/resolv.conf", "", "/etc/a b", "/etc/ä", "on")},
		{"cpuManagerPolicyOptions", object{{"full-pcpus-only", pick(&m.stream, "true", "on", "no")}}},
		{"memorySwap", object{{"swapBehavior", pick(&m.stream, "LimitedSwap", "", "NoSwap")}}},
		{"logging", object{{"format", pick(&m.stream, "json", "text")}, {"verbosity", m.below(10)}, {"options", object{{"json", object{{"infoBufferSize", "0"}}}}}}},
		{"shutdownGracePeriodByPodPriority", []any{object{{"priority", m.below(1000)}, {"shutdownGracePeriodSeconds", 10}}}},
		{"reservedMemory", []any{object{{"numaNode", 0}, {"limits", object{{"memory", pick(&m.stream, "1Gi", "1e3", "0777")}}}}}},
		{"registerWithTaints", []any{object{{"key", "on"}, {"value", pick(&m.stream, labelValues...)}, {"effect", "NoSchedule"}}}},
		{"cgroupDriver", "systemd"},
		{"rotateCertificates", true},
	}
	return some(&m.stream, 4, all...)
}
