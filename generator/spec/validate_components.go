package spec

import (
	"fmt"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"

	"kindling/generator/internal/flags"
	"kindling/generator/internal/kubernetes"
	"kindling/generator/internal/yamlfile"
)

func (c *checker) checkExtraVolumes() {
	c.checkVolumes(at("extraVolumes", "apiServer"), c.ExtraVolumes.APIServer)
	c.checkVolumes(at("extraVolumes", "controllerManager"), c.ExtraVolumes.ControllerManager)
	c.checkVolumes(at("extraVolumes", "scheduler"), c.ExtraVolumes.Scheduler)
}

// kubeadmVolumes are the names of the volumes that kubeadm mounts itself (kubeadm: app/phases/controlplane/volumes.go).
var kubeadmVolumes = []string{"k8s-certs", "ca-certs", "kubeconfig", "flexvolume-dir", "etc-ca-certificates", "etc-pki", "etc-pki-ca-trust", "etc-pki-tls-certs", "usr-share-ca-certificates", "usr-local-share-ca-certificates"}

func (c *checker) checkVolumes(list yamlfile.Path, volumes []Volume) {
	names, paths := map[string]int{}, map[string]int{}
	for i, v := range volumes {
		p := list.With(i)
		first, taken := names[v.Name]
		switch fault := labelFault(v.Name); {
		case fault != "":
			c.Errorf(p.With("name"), "%s is not an RFC 1123 label: it %s%s", yamlfile.Quote(v.Name), fault, nameHint(v.Name))
		case slices.Contains(kubeadmVolumes, v.Name):
			c.Errorf(p.With("name"), "%s is the name of one of kubeadm's own volumes; choose another", yamlfile.Quote(v.Name))
		case taken:
			c.Errorf(p.With("name"), "%s is already the name of %s[%d]; choose another", yamlfile.Quote(v.Name), list, first)
		default:
			names[v.Name] = i
		}
		c.checkVolumePath(p.With("hostPath"), v.HostPath)
		if c.checkVolumePath(p.With("mountPath"), v.MountPath) {
			if first, taken := paths[v.MountPath]; taken {
				c.Errorf(p.With("mountPath"), "%s is already the mountPath of %s[%d]; choose another", yamlfile.Quote(v.MountPath), list, first)
			} else if slices.Contains(authorities, v.MountPath) {
				c.Errorf(p.With("mountPath"), "kubeadm mounts %s itself; choose another path", v.MountPath)
			}
			paths[v.MountPath] = i
		}
	}
}

func (c *checker) checkVolumePath(p yamlfile.Path, name string) bool {
	if strings.HasPrefix(name, "/") && name != "/" && path.Clean(name) == name && !strings.ContainsFunc(name, isControl) && !strings.Contains(name, ":") {
		return true
	}
	c.Errorf(p, "%s must be an absolute path, without \"..\", \"//\", \":\" or a trailing \"/\"", yamlfile.Quote(name))
	return false
}

// imageReference is NAME:TAG, or NAME@DIGEST with or without a tag (OCI distribution specification).
var imageReference = regexp.MustCompile(`^[a-z0-9][a-z0-9.-]*(:[0-9]+)?(/[a-z0-9]+([._-]+[a-z0-9]+)*)+(:[A-Za-z0-9_][A-Za-z0-9._-]{0,127})?(@sha256:[0-9a-f]{64})?$`)

func (c *checker) checkImages() {
	for _, image := range []struct {
		name, value string
		used        bool
	}{
		{"kubeVIP", c.Images.KubeVIP, c.UsesKubeVIP()},
		{"haproxy", c.Images.HAProxy, c.BalancesOnControlPlanes()},
	} {
		p := at("images", image.name)
		last := image.value[strings.LastIndexByte(image.value, '/')+1:]
		switch {
		case !c.Has(p):
		case !imageReference.MatchString(image.value) || !strings.ContainsAny(last, ":@"):
			c.Errorf(p, "%s is not a container image with its registry and a tag or digest, such as registry.example.com/library/haproxy:3.2.18", yamlfile.Quote(image.value))
		case c.rolesSound && !image.used:
			c.Warnf(p, "no machine of this cluster runs it")
		}
	}
}

func (c *checker) checkKubeProxy() {
	p := at("kubeProxy")
	switch k := c.KubeProxy; {
	case k.Disabled && k.Mode != "":
		c.Errorf(p.With("mode"), "kube-proxy is disabled; remove the mode")
	case !c.Sound("kubernetesVersion"):
	case k.Disabled && !c.Version().HasV1beta4():
		c.Errorf(p.With("disabled"), "kubeadm's configuration has it from Kubernetes %s on; choose a newer version, or delete kube-proxy's DaemonSet once the cluster runs", kubernetes.SinceV1beta4)
	case k.Mode == "nftables" && !c.Version().HasNFTables():
		c.Errorf(p.With("mode"), "kube-proxy has nftables from Kubernetes %s on; choose a newer version or iptables", kubernetes.SinceNFTables)
	}
}

// kubeletRules are about fields of the kubelet's configuration on which the machine's steps depend.
var kubeletRules = map[string]kubeletRule{
	"apiVersion":               {never, "kindling writes it; remove it"},
	"kind":                     {never, "kindling writes it; remove it"},
	"staticPodPath":            {never, "kubeadm writes its manifests to /etc/kubernetes/manifests; remove it"},
	"clusterDomain":            {never, "use networking.dnsDomain instead"},
	"containerRuntimeEndpoint": {never, "kindling sets it itself; remove it"},
	"volumePluginDir":          {never, "kindling sets it itself; remove it"},
	"featureGates":             {never, "use the cluster's featureGates instead"},
	"cgroupDriver":             {is("systemd"), "containerd and the machine use systemd; remove it"},
	"healthzBindAddress":       {amongTexts("127.0.0.1", "0.0.0.0", "::").keeps, "kubeadm asks at 127.0.0.1; remove it"},
	"healthzPort":              {is(10248), "kubeadm asks at port 10248; remove it"},
	"registerNode":             {is(true), "a machine without a Node is never ready; remove it"},
	"rotateCertificates":       {is(true), "the machine's certificate would end after a year; remove it"},
	"authorization": {func(value any) bool {
		mapping, _ := value.(map[string]any)
		return mapping["mode"] == nil || mapping["mode"] == "Webhook"
	}, "with another mode than Webhook, every certificate of the cluster could run commands in this machine's pods; remove it"},
}

func never(any) bool { return false }

func is(want any) func(any) bool { return func(value any) bool { return value == want } }

func (c *checker) checkKubeletConfiguration() {
	c.checkKubeletFields(at("kubeletConfiguration"), c.KubeletConfiguration)
	c.checkKubeletTogether(at("kubeletConfiguration"), c.KubeletConfiguration, nil)
	c.checkKubeletMachines()
	for i, n := range c.Nodes {
		p := at("nodes", i, "kubeletConfiguration")
		if len(n.KubeletConfiguration) > 0 && n.Role != ControlPlane && n.Role != Worker {
			c.Errorf(p, "a machine of role %s has no Node; remove it", n.Role)
			continue
		}
		c.checkKubeletFields(p, n.KubeletConfiguration)
		c.checkKubeletTogether(p, n.KubeletConfiguration, c.KubeletConfiguration)
	}
}

func (c *checker) checkKubeletFields(p yamlfile.Path, fields map[string]any) {
	if len(fields) == 0 { // as on almost every node
		return
	}
	var known []string
	if c.Sound("kubernetesVersion") {
		known = flags.Of("KubeletConfiguration", c.Version().Minor)
	}
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		if known != nil && !slices.Contains(known, name) && name != "apiVersion" && name != "kind" {
			c.Errorf(p.With(name), "the kubelet of Kubernetes %s has no such field%s", c.Version().Minor, yamlfile.DidYouMean(name, known))
		} else if rule, ok := kubeletRules[name]; ok && !rule.keeps(fields[name]) {
			c.Errorf(p.With(name), "%s", rule.otherwise)
		} else if rule, ok := kubeletValues[name]; ok && !rule.keeps(fields[name]) {
			c.Errorf(p.With(name), "%s", rule.otherwise)
		} else {
			c.checkKubeletType(p.With(name), name, fields[name])
		}
	}
}

var gateName = regexp.MustCompile(`^[A-Z][A-Za-z0-9]*$`)

func (c *checker) checkFeatureGates() {
	for _, name := range slices.Sorted(maps.Keys(c.FeatureGates)) {
		if !gateName.MatchString(name) {
			c.Errorf(at("featureGates", name), "%s is not the name of a feature gate, such as NodeSwap", yamlfile.Quote(name))
			continue
		}
		c.checkGate(at("featureGates", name), everyProgram, name, c.FeatureGates[name])
	}
	if len(c.FeatureGates) == 0 {
		return
	}
	for _, list := range []struct {
		component string
		args      []Arg
	}{{"apiServer", c.ExtraArgs.APIServer}, {"controllerManager", c.ExtraArgs.ControllerManager}, {"scheduler", c.ExtraArgs.Scheduler}, {"kubelet", c.ExtraArgs.Kubelet}} {
		for i, arg := range list.args {
			if arg.Name == "feature-gates" {
				c.Errorf(at("extraArgs", list.component, i, "name"), "featureGates is there as well; keep one of them")
			}
		}
	}
}

// everyProgram stands for the components that get featureGates: all of Kubernetes' own.
var everyProgram = kubeScheduler // which has the fewest

// checkGate holds a feature gate against those of the cluster's release. Its programs do not start with one that they do not have, nor with
// another value of one that is locked.
func (c *checker) checkGate(p yamlfile.Path, of *component, name string, value bool) {
	if !c.Sound("kubernetesVersion") {
		return
	}
	minor := c.Version().Minor
	known := flags.Of("FeatureGates", minor)
	if known == nil {
		return
	}
	notOfScheduler := flags.Of("ControllerManagerGates", minor)
	if of != kubeScheduler {
		known = append(known, notOfScheduler...)
	}
	minors := flags.Minors("FeatureGates", name)
	switch {
	case slices.Contains(flags.Of("LockedGates", minor), fmt.Sprintf("%s=%t", name, !value)):
		c.Errorf(p, "in Kubernetes %s the feature gate %s is %t and can't be changed; remove it", minor, name, !value)
	case slices.Contains(known, name):
	case slices.Contains(notOfScheduler, name):
		c.Errorf(p, "kube-scheduler has no feature gate %s; write it as feature-gates in extraArgs.controllerManager", name)
	case len(minors) == 0:
		c.Errorf(p, "Kubernetes %s has no feature gate %s%s", minor, yamlfile.Quote(name), yamlfile.DidYouMean(name, known))
	case minors[0] > minor:
		c.Errorf(p, "Kubernetes %s has no feature gate %s yet, %s has; remove it", minor, name, minors[0])
	default:
		c.Errorf(p, "Kubernetes %s no longer has the feature gate %s, which %s had; remove it", minor, name, minors[len(minors)-1])
	}
}
