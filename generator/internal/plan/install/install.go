// Package install has the ways in which a machine gets containerd, kubelet, kubeadm and the other programs of Kubernetes: one file
// and one entry of [methods] each.
package install

import (
	"maps"
	"slices"
	"strings"

	"kindling/generator/internal/plan/part"
	"kindling/generator/lock"
	"kindling/generator/spec"
	"kindling/templates/step"
)

// methods are the install methods of cluster.yaml.
var methods = map[string]func(*spec.Cluster, spec.Node, *lock.Lock) part.Part{
	"binaries":     binaries,
	"packages":     packages,
	"preinstalled": preinstalled,
	"sysext":       sysext,
}

// Of is what the node's install method brings to the machine. pinned is what the machine may download.
func Of(c *spec.Cluster, n spec.Node, pinned *lock.Lock) part.Part {
	return methods[n.InstallMethod()](c, n, pinned)
}

// Helpers are the programs of the operating system that the machine's steps call and that a stock image may lack. On a load balancer
// they are all that is installed.
func Helpers(n spec.Node) part.Part {
	os := n.System()
	if os.Manager == "" || n.InstallMethod() == "preinstalled" {
		return part.Part{}
	}
	var words []string
	for _, program := range slices.Sorted(maps.Keys(os.PackageOf)) {
		words = append(words, program+"="+os.PackageOf[program])
	}
	p := part.Part{
		Shell: []string{"install/" + os.Manager + ".sh", "install/missing.sh"},
		Env:   map[string]string{"PACKAGE_OF": strings.Join(words, " ")},
	}
	if n.Role == spec.LoadBalance {
		p.Steps, p.Shell = []step.Step{step.Install}, append(p.Shell, "install/helpers.sh")
	}
	return p
}
