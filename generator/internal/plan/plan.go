// Package plan decides what each machine gets: the files and the ordered boot steps. It is pure: the same cluster, PKI and
// templates give the same plan. A renderer turns a [Node] into a document; nothing here knows of a document format.
//
// [New] does once what all nodes share (scripts, kubeadm's common part, checks of what can be generated), [Plan.Node] the
// rest for one node. steps.go has the order of the steps in one place.
package plan

import (
	"fmt"
	"io/fs"

	"kindling/generator/internal/distro"
	"kindling/generator/spec"
	"kindling/pki"
)

// Node is one machine's part: what its document must bring about, in no particular format.
type Node struct {
	Name, Role string
	// Any machines may boot with the document, each with a name of its own.
	Any bool
	OS  distro.OS
	// Network is the static network configuration; nil where the network itself tells the machine.
	Network *distro.Network
	Files   []File
	Units   []Unit
	// SSHAuthorizedKeys of the operating system's default user.
	SSHAuthorizedKeys []string
	// Steps are the names of the boot steps in their order.
	Steps []string
}

// Unit is a systemd unit.
type Unit struct {
	Name string
	// Enabled units start at boot; a masked one never does.
	Enabled, Masked bool
	// Content of the unit's file; empty for a masked unit, and for one that the image brings.
	Content string
	// DropIn is the content of DropInName in the unit's drop-in directory; empty for none.
	DropIn string
}

// DropInName is the file name of a unit's drop-in.
const DropInName = "20-kindling.conf"

// Plan makes nodes. It has the whole PKI, of which it hands each role no more than its part.
type Plan struct {
	common  common
	cluster controlPlanes
	bundle  *pki.Bundle
}

// New prepares the plan. Local files that the spec names are read from dir. What cannot be generated yet is one error.
func New(c *spec.Cluster, b *pki.Bundle, dir fs.FS) (*Plan, error) {
	if err := Supported(c); err != nil {
		return nil, err
	}
	common, err := newCommon(c, dir)
	if err != nil {
		return nil, err
	}
	cluster, err := newControlPlanes(c, dir)
	if err != nil {
		return nil, err
	}
	return &Plan{common, cluster, b}, nil
}

// Node builds the plan of one of the spec's nodes.
func (p *Plan) Node(n spec.Node) (Node, error) {
	var (
		own []File
		err error
	)
	switch n.Role {
	case spec.ControlPlane:
		own, err = p.cluster.files(p.common.spec, n, p.bundle.ControlPlane(n.Name, p.common.spec.Etcd.Topology == "external"))
	case spec.EtcdMember:
		own, err = etcdMachineFiles(p.common.spec, n, p.bundle.EtcdMember(n.Name))
	case spec.LoadBalance:
		own, err = loadBalancerFiles(p.common.spec, n, p.bundle.LoadBalancer())
	default:
		own, err = workerFiles(p.common.spec, n, p.bundle.Worker(n.Name, p.common.spec.NodeIdentity(n) == "token"))
	}
	if err != nil {
		return Node{}, fmt.Errorf("node %s: %w", n.Name, err)
	}
	return p.common.node(n, own)
}
