package spec

import (
	"fmt"
	"slices"
	"strings"

	"kindling/generator/internal/distro"
	"kindling/generator/internal/kubernetes"
)

// Starter returns a commented cluster.yaml of this shape, for this operating system, to edit. The numbers are limited by the addresses that it assigns.
func Starter(topology, os string, controlPlanes, workers int) (string, error) {
	system, known := distro.Lookup(os)
	switch {
	case !known:
		return "", fmt.Errorf("unknown operating system %q; one of %s", os, strings.Join(distro.Names(), ", "))
	case topology != "stacked" && topology != "external":
		return "", fmt.Errorf("unknown topology %q; one of stacked, external", topology)
	case controlPlanes < 1 || controlPlanes > 7:
		return "", fmt.Errorf("%d control planes; use 1 to 7", controlPlanes)
	case topology == "stacked" && controlPlanes%2 == 0:
		return "", fmt.Errorf("%d control planes; with etcd on them, use an odd number", controlPlanes)
	case workers < 0 || workers > 200:
		return "", fmt.Errorf("%d workers; a starter has 0 to 200, and you can add more", workers)
	}
	others := slices.DeleteFunc(distro.Names(), func(name string) bool { return name == os })
	const version = "v1.37.2"
	parsed, _ := kubernetes.ParseVersion(version)
	var b strings.Builder
	b.WriteString(`# kindling generates one document per machine from this file. All fields: docs/cluster.yaml.md
apiVersion: kindling/v1alpha1
kind: Cluster
name: demo
kubernetesVersion: ` + version + `
# DNS name or virtual IP of the load balancer in front of the API servers, and its port.
controlPlaneEndpoint: api.demo.test:6443
networking:
  # Neither range may contain the address of a machine.
  podSubnet: 192.168.0.0/16
  serviceSubnet: 10.96.0.0/12
etcd:
  topology: ` + topology + `
os: ` + os + " # or " + strings.Join(others, ", ") + `
install:
  # By the machine, with packages or binaries; or preinstalled, by the image: docs/images.md
  method: ` + bestMethod(system, parsed) + `
cni:
  # The pod network: a local file, or a URL. With none, you apply one yourself.
  manifest: none
nodes:
`)
	node := func(role, name string, count, first int) {
		for i := range count {
			fmt.Fprintf(&b, "- {name: %s%d, role: %s, address: 10.0.0.%d}\n", name, i, role, first+i)
		}
	}
	if topology == "external" {
		node(EtcdMember, "etcd", 3, 21)
	}
	node(ControlPlane, "cp", controlPlanes, 7)
	node(Worker, "w", workers, 30)
	return b.String(), nil
}
