// Package install has the ways in which a machine gets containerd, kubelet, kubeadm and the other programs of Kubernetes: one file
// and one entry of [methods] each.
package install

import (
	"maps"
	"slices"

	"kindling/generator/internal/plan/part"
	"kindling/generator/spec"
)

// methods are the install methods of cluster.yaml that documents can be made for.
var methods = map[string]func(*spec.Cluster, spec.Node) part.Part{
	"preinstalled": preinstalled,
}

// Of is what the node's install method brings to the machine.
func Of(c *spec.Cluster, n spec.Node) part.Part { return methods[n.InstallMethod()](c, n) }

// Known lists the methods.
func Known() []string { return slices.Sorted(maps.Keys(methods)) }
