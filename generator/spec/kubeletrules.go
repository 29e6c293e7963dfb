package spec

import (
	"crypto/tls"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"

	"kindling/generator/internal/yamlfile"
)

// kubeletRule says which values of a field keep what kindling promises, or are taken by the kubelet. Values of another type are for
// checkKubeletType to name.
type kubeletRule struct {
	keeps     func(value any) bool
	otherwise string
}

// kubeletValues are the kubelet's own rules about single fields: it does not start with other values (kubernetes:
// pkg/kubelet/apis/config/validation).
var kubeletValues = map[string]kubeletRule{
	"allowedUnsafeSysctls":        {areNamespaced, "a container has only these of its own: kernel.shm*, kernel.msg*, kernel.sem, fs.mqueue.* and net.*; write others with extraFiles below /etc/sysctl.d"},
	"containerLogMaxFiles":        from(2),
	"containerLogMaxWorkers":      from(1),
	"containerLogMonitorInterval": atLeast(3 * time.Second),
	"cpuManagerPolicy":            amongTexts("none", "static"),
	"enforceNodeAllocatable":      amongTexts("none", "pods", "system-reserved", "system-reserved-compressible", "kube-reserved", "kube-reserved-compressible"),
	"eventBurst":                  from(0),
	"eventRecordQPS":              from(0),
	"evictionHard":                mapping(threshold, "a quantity or a percentage, such as 10%", evictionSignals...),
	"evictionMinimumReclaim":      mapping(threshold, "a quantity or a percentage, such as 10%", evictionSignals...),
	"evictionSoft":                mapping(threshold, "a quantity or a percentage, such as 10%", evictionSignals...),
	"evictionSoftGracePeriod":     mapping(durationForm, "a duration, such as 1m30s", evictionSignals...),
	"hairpinMode":                 amongTexts("promiscuous-bridge", "hairpin-veth", "none"),
	"imageGCHighThresholdPercent": between(0, 100),
	"imageGCLowThresholdPercent":  between(0, 100),
	"kubeAPIBurst":                from(0),
	"kubeAPIQPS":                  from(0),
	"kubeReserved":                mapping(quantity, "a quantity, such as 500m or 1Gi", "cpu", "memory", "ephemeral-storage", "pid"),
	"logging":                     inside("format", amongTexts("text", "json")),
	"maxOpenFiles":                from(0),
	"maxParallelImagePulls":       from(1),
	"maxPods":                     from(0),
	"memorySwap":                  inside("swapBehavior", amongTexts("NoSwap", "LimitedSwap")),
	"memoryManagerPolicy":         amongTexts("None", "Static"),
	"nodeLeaseDurationSeconds":    from(1),
	"nodeStatusMaxImages":         from(-1),
	"oomScoreAdj":                 between(-1000, 1000),
	"podsPerCore":                 from(0),
	"port":                        freePort(1),
	"readOnlyPort":                freePort(0),
	"registerWithTaints":          eachInside("effect", amongTexts("NoSchedule", "PreferNoSchedule", "NoExecute")),
	"registryBurst":               from(0),
	"registryPullQPS":             from(0),
	"reservedSystemCPUs":          {matchesText(cpuList), "must be a list of CPUs, such as 0-1,4"},
	"runOnce":                     {is(false), "the kubelet would end after its static pods; remove it"},
	"systemReserved":              mapping(quantity, "a quantity, such as 500m or 1Gi", "cpu", "memory", "ephemeral-storage", "pid"),
	"tlsCipherSuites":             {amongTexts(cipherSuites()...).keeps, onlyCipherSuites.otherwise},
	"tlsMinVersion":               amongTexts(tlsVersions...),
	"topologyManagerPolicy":       amongTexts("none", "best-effort", "restricted", "single-numa-node"),
	"topologyManagerScope":        amongTexts("container", "pod"),
}

var evictionSignals = []string{
	"memory.available", "allocatableMemory.available", "nodefs.available", "nodefs.inodesFree", "imagefs.available", "imagefs.inodesFree", "containerfs.available",
	"containerfs.inodesFree", "pid.available",
}

var tlsVersions = []string{"VersionTLS10", "VersionTLS11", "VersionTLS12", "VersionTLS13"}

// cipherSuites are those that Go knows, by the names that Kubernetes and etcd have for them too.
func cipherSuites() []string {
	var names []string
	for _, suite := range slices.Concat(tls.CipherSuites(), tls.InsecureCipherSuites()) {
		names = append(names, suite.Name)
	}
	return names
}

var (
	threshold    = regexp.MustCompile(`^([0-9]+(\.[0-9]+)?%|[0-9]+\.?[0-9]*([numkMGTPE]|[KMGTPE]i|[eE][+-]?[0-9]+)?)$`)
	durationForm = regexp.MustCompile(`^([0-9]+(\.[0-9]+)?(ns|us|ms|s|m|h))+$`)
)

var cpuList = regexp.MustCompile(`^([0-9]+(-[0-9]+)?(,[0-9]+(-[0-9]+)?)*)?$`)

// namespaced are the sysctls that the kernel has once for each container (k8s.io/component-helpers: node/util/sysctl/namespace.go).
var namespaced = regexp.MustCompile(`^(kernel[./](sem|shm(all|max|mni|_rmid_forced|\*)|msg(max|mnb|mni|\*)|domainname)|(fs[./]mqueue|net)[./]([a-z0-9]([-_a-z0-9]*[a-z0-9])?[./])*([a-z0-9][-_a-z0-9]*)?[a-z0-9*])$`)

func areNamespaced(value any) bool {
	list, _ := value.([]any)
	return !slices.ContainsFunc(list, func(item any) bool {
		name, ok := item.(string)
		return ok && !namespaced.MatchString(name)
	})
}

func between(least, most int) kubeletRule {
	return kubeletRule{func(value any) bool {
		number, ok := value.(int)
		return !ok || number >= least && number <= most
	}, fmt.Sprintf("must be from %d to %d", least, most)}
}

// freePort takes a port that no other program of the cluster listens on.
func freePort(least int) kubeletRule {
	return kubeletRule{func(value any) bool {
		number, ok := value.(int)
		return !ok || number >= least && number <= 65535 && (number == kubeletPort || !slices.Contains(controlPlanePorts, number))
	}, fmt.Sprintf("must be from %d to 65535, and none of the ports of etcd, the control plane, kube-proxy and kubelet's own health check (docs/ports.md)", least)}
}

// kubeletPort is where the kubelet listens unless it is told otherwise.
const kubeletPort = 10250

// from takes no smaller number. What is too large for its type is another matter.
func from(least int) kubeletRule {
	return kubeletRule{func(value any) bool {
		number, ok := value.(int)
		return !ok || number >= least
	}, fmt.Sprintf("must be at least %d", least)}
}

func atLeast(least time.Duration) kubeletRule {
	return kubeletRule{func(value any) bool {
		text, _ := value.(string)
		duration, err := time.ParseDuration(text)
		return err != nil || duration >= least
	}, fmt.Sprintf("must be at least %s", least)}
}

func matchesText(form *regexp.Regexp) func(any) bool {
	return func(value any) bool {
		text, ok := value.(string)
		return !ok || form.MatchString(text)
	}
}

// amongTexts takes one of these, or a list of them.
func amongTexts(names ...string) kubeletRule {
	known := func(value any) bool {
		text, ok := value.(string)
		return !ok || text == "" || slices.Contains(names, text)
	}
	return kubeletRule{func(value any) bool {
		list, _ := value.([]any)
		return known(value) && !slices.ContainsFunc(list, func(item any) bool { return !known(item) })
	}, "the kubelet knows " + strings.Join(names, ", ")}
}

// mapping takes these names, each with a text of this form.
func mapping(form *regexp.Regexp, what string, names ...string) kubeletRule {
	return kubeletRule{func(value any) bool {
		fields, _ := value.(map[string]any)
		for name, value := range fields {
			if !slices.Contains(names, name) || !matchesText(form)(value) {
				return false
			}
		}
		return true
	}, "takes " + what + ", for " + strings.Join(names, ", ")}
}

// inside takes a mapping in which a field, if it is there, keeps a rule.
func inside(field string, rule kubeletRule) kubeletRule {
	return kubeletRule{func(value any) bool {
		fields, _ := value.(map[string]any)
		return fields[field] == nil || rule.keeps(fields[field])
	}, field + ": " + rule.otherwise}
}

// eachInside takes a list of such mappings.
func eachInside(field string, rule kubeletRule) kubeletRule {
	return kubeletRule{func(value any) bool {
		list, _ := value.([]any)
		return !slices.ContainsFunc(list, func(item any) bool { return !inside(field, rule).keeps(item) })
	}, field + ": " + rule.otherwise}
}

// checkKubeletTogether holds fields against each other. What a node leaves out, it has from the cluster.
func (c *checker) checkKubeletTogether(p yamlfile.Path, own, cluster map[string]any) {
	if len(own) == 0 {
		return
	}
	all := maps.Clone(cluster)
	if all == nil {
		all = map[string]any{}
	}
	maps.Copy(all, own)
	number := func(name string, otherwise int) int {
		if value, ok := all[name].(int); ok {
			return value
		}
		return otherwise
	}
	duration := func(name string) time.Duration {
		text, _ := all[name].(string)
		value, _ := time.ParseDuration(text) // another form has been named
		return value
	}
	reserves := func(resource string) bool {
		for _, name := range []string{"kubeReserved", "systemReserved"} {
			if mapping, _ := all[name].(map[string]any); mapping[resource] != nil {
				return true
			}
		}
		return false
	}
	enforced, _ := all["enforceNodeAllocatable"].([]any)
	for _, rule := range []struct {
		field  string
		with   []string // the other fields that it is held against
		broken bool
		text   string
	}{
		{"imageGCLowThresholdPercent", []string{"imageGCHighThresholdPercent"}, number("imageGCLowThresholdPercent", 80) >= number("imageGCHighThresholdPercent", 85),
			"must be below imageGCHighThresholdPercent; the kubelet's own are 80 and 85"},
		{"readOnlyPort", []string{"port"}, number("readOnlyPort", 0) == number("port", kubeletPort), "must differ from port; the kubelet's own is 10250"},
		{"tlsCertFile", []string{"tlsPrivateKeyFile"}, (all["tlsCertFile"] == nil) != (all["tlsPrivateKeyFile"] == nil), "goes with tlsPrivateKeyFile; write both"},
		{"shutdownGracePeriodCriticalPods", []string{"shutdownGracePeriod"}, duration("shutdownGracePeriodCriticalPods") > duration("shutdownGracePeriod"), "must not be longer than shutdownGracePeriod, of which it is a part"},
		{"maxParallelImagePulls", []string{"serializeImagePulls"}, all["serializeImagePulls"] == true && number("maxParallelImagePulls", 1) > 1, "needs serializeImagePulls: false"},
		{"cpuManagerPolicy", []string{"kubeReserved", "systemReserved", "reservedSystemCPUs"}, all["cpuManagerPolicy"] == "static" && !reserves("cpu") && all["reservedSystemCPUs"] == nil, "static needs CPU that is kept free: write kubeReserved: {cpu: 500m}, or reservedSystemCPUs"},
		{"memoryManagerPolicy", []string{"reservedMemory"}, all["memoryManagerPolicy"] == "Static" && all["reservedMemory"] == nil, "Static needs reservedMemory"},
		{"protectKernelDefaults", nil, all["protectKernelDefaults"] == true && !c.setsSysctls(), "needs sysctls that images do not have: vm.overcommit_memory = 1, kernel.panic = 10, kernel.panic_on_oops = 1; " +
			"write them with extraFiles below /etc/sysctl.d"},
		{"enforceNodeAllocatable", []string{"systemReservedCgroup"}, (slices.Contains(enforced, "system-reserved") || slices.Contains(enforced, "system-reserved-compressible")) && all["systemReservedCgroup"] == nil, "needs systemReservedCgroup"},
		{"enforceNodeAllocatable", []string{"kubeReservedCgroup"}, (slices.Contains(enforced, "kube-reserved") || slices.Contains(enforced, "kube-reserved-compressible")) && all["kubeReservedCgroup"] == nil, "needs kubeReservedCgroup"},
	} {
		switch _, there := own[rule.field]; {
		case !rule.broken:
		case there:
			c.Errorf(p.With(rule.field), "%s", rule.text)
		case slices.ContainsFunc(rule.with, func(name string) bool { return own[name] != nil }):
			c.Errorf(p, "%s %s", rule.field, rule.text)
		}
	}
}

// setsSysctls says that the user or the user's image may set what the kubelet wants of the kernel.
func (c *checker) setsSysctls() bool {
	sysctls := func(f File) bool { return strings.Contains(f.Path, "/sysctl.d/") }
	return len(c.Snippets) > 0 || slices.ContainsFunc(c.ExtraFiles, sysctls) ||
		slices.ContainsFunc(c.Nodes, func(n Node) bool {
			return n.InstallMethod() == "preinstalled" || slices.ContainsFunc(n.ExtraFiles, sysctls)
		})
}
