package build

import (
	"fmt"
	"os"
	"strings"

	"golang.org/x/mod/semver"
)

// KubernetesVersion is the default version for the checks.
const KubernetesVersion = "v1.37.2"

// Kubeadm returns the kubeadm program of a Kubernetes version.
//
// Up to 1.30 its preflight puts IPv4 addresses in brackets. The Go of its time accepted that; today's Go does not.
//
// From 1.35 on its preflight fails on a host with cgroup v1, however kubelet is configured. On such a host, and nowhere
// else, it is built to warn instead.
func Kubeadm(version string) Program {
	program := Kubernetes("kubeadm", version)
	if semver.Compare(version, "v1.31.0") < 0 {
		program.variant = "-url"
		program.source.replaced = []changedModule{{
			path: program.source.path,
			file: "cmd/kubeadm/app/preflight/checks.go",
			old:  "if len(testIP) == net.IPv6len {",
			new:  "if testIP.To4() == nil {",
		}}
	}
	if semver.Compare(version, "v1.35.0") >= 0 && HostHasCgroupV1() {
		program.variant = "-cgroup1"
		program.source.replaced = []changedModule{{
			path: "k8s.io/system-validators",
			file: "validators/cgroup_validator_linux.go",
			old:  "errs = append(errs, v1Error)",
			new:  "warns = append(warns, v1Error)",
		}}
	}
	return program
}

// Kubernetes returns one of the programs of the kubernetes repository: kubelet, kubectl, kube-apiserver, …
func Kubernetes(name, version string) Program {
	vars := map[string]string{}
	for _, pkg := range []string{"k8s.io/component-base/version", "k8s.io/client-go/pkg/version"} {
		vars[pkg+".gitVersion"] = version
		vars[pkg+".gitMajor"], vars[pkg+".gitMinor"] = majorMinor(version)
		vars[pkg+".gitTreeState"] = "clean"
		vars[pkg+".buildDate"] = "1970-01-01T00:00:00Z"
	}
	return Program{
		Name:    name,
		Version: version,
		pkg:     "k8s.io/kubernetes/cmd/" + name,
		source: source{
			path:    "k8s.io/kubernetes",
			version: version,
			staging: "v0." + strings.TrimPrefix(version, "v1."),
		},
		vars: vars,
	}
}

// HostHasCgroupV1 reports whether the host uses the controllers of cgroup v1.
func HostHasCgroupV1() bool {
	_, err := os.Stat("/sys/fs/cgroup/cgroup.controllers")
	return err != nil
}

func majorMinor(version string) (major, minor string) {
	var patch string
	fmt.Sscanf(strings.NewReplacer("v", "", ".", " ").Replace(version), "%s %s %s", &major, &minor, &patch)
	return major, minor
}
