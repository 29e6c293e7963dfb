package specgen

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"kindling/e2e/internal/kindling"
)

// usual are flags that every minor has and that nothing depends on.
var usual = map[string][]string{
	"kube-apiserver":          {"v", "audit-log-maxage", "audit-log-path", "oidc-issuer-url", "oidc-client-id", "event-ttl", "profiling", "audit-webhook-mode"},
	"kube-controller-manager": {"v", "terminated-pod-gc-threshold", "profiling", "node-monitor-period", "kube-api-qps"},
	"kube-scheduler":          {"v", "profiling", "kube-api-qps", "vmodule"},
	"kubelet":                 {"v", "image-gc-high-threshold", "provider-id", "max-pods", "system-reserved", "kube-reserved"},
	"etcd":                    {"quota-backend-bytes", "heartbeat-interval", "election-timeout", "max-request-bytes", "log-level"},
}

func (m *maker) extraArgs(gates bool) object {
	var o object
	for _, c := range []struct{ field, program string }{
		{"apiServer", "kube-apiserver"}, {"controllerManager", "kube-controller-manager"}, {"scheduler", "kube-scheduler"}, {"kubelet", "kubelet"}, {"etcd", "etcd"},
	} {
		if m.one(3) {
			from := values
			if c.program == "kubelet" {
				from = oneWord
			}
			o.set(c.field, m.args(c.program, from))
		}
	}
	return o
}

func (m *maker) args(program string, from []string) []any {
	names := usual[program]
	if m.one(25) {
		names = flagsOf(program, m.minor)
	}
	var list []any
	for _, name := range some(&m.stream, 3, names...) {
		list = append(list, object{{"name", name}, {"value", pick(&m.stream, from...)}})
		if m.minor >= 31 && m.one(6) {
			list = append(list, object{{"name", name}, {"value", pick(&m.stream, from...)}})
		}
	}
	return list
}

// flagsOf are all flags of a minor that kindling knows.
func flagsOf(program string, minor int) []string {
	text, err := os.ReadFile(filepath.Join(kindling.Source(), "generator/internal/flags", program+".txt"))
	if err != nil {
		panic(err) // the file is a part of kindling
	}
	var names []string
	for line := range strings.Lines(string(text)) {
		if words := strings.Fields(line); slices.Contains(words[1:], fmt.Sprint(max(minor, 33))) {
			names = append(names, words[0])
		}
	}
	return names
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
		{"allowedUnsafeSysctls", []any{"net.*", "kernel.msg*", "on"}},
		{"nodeStatusUpdateFrequency", pick(&m.stream, "10s", "0s", "1m30s", "1.5h")},
		{"serializeImagePulls", m.one(2)},
		{"containerLogMaxSize", pick(&m.stream, "10Mi", "1e7")},
		{"podPidsLimit", pick(&m.stream, -1, 4096)},
		{"imageGCHighThresholdPercent", m.below(100)},
		{"tlsCipherSuites", []any{"TLS_AES_128_GCM_SHA256"}},
		{"clusterDNS", []any{pick(&m.stream, "10.96.0.10", "fd00:10:96::a", "1.1.1.1")}},
		{"resolvConf", pick(&m.stream, "/run/systemd/resolve/resolv.conf", "", "/etc/a b", "/etc/ä", "on")},
		{"cpuManagerPolicyOptions", object{{"full-pcpus-only", pick(&m.stream, "true", "on", "no")}}},
		{"memorySwap", object{{"swapBehavior", pick(&m.stream, "LimitedSwap", "", "y")}}},
		{"logging", object{{"format", pick(&m.stream, "json", "text")}, {"verbosity", m.below(10)}, {"options", object{{"json", object{{"infoBufferSize", "0"}}}}}}},
		{"shutdownGracePeriodByPodPriority", []any{object{{"priority", m.below(1000)}, {"shutdownGracePeriodSeconds", 10}}}},
		{"reservedMemory", []any{object{{"numaNode", 0}, {"limits", object{{"memory", pick(&m.stream, "1Gi", "1e3", "0777")}}}}}},
		{"registerWithTaints", []any{object{{"key", "on"}, {"value", pick(&m.stream, labelValues...)}, {"effect", "NoSchedule"}}}},
		{"cgroupDriver", "systemd"},
		{"rotateCertificates", true},
	}
	return some(&m.stream, 4, all...)
}
