// Package plan decides what each machine gets: the files and the ordered boot steps. It is pure: the same cluster, PKI and
// templates give the same plan. Package document turns a [node.Node] into bytes; nothing here knows of a document format.
//
// recipe.go says who does what: for each role the list of its parts. A part is everything that one concern needs on a machine
// (steps, shell, programs, values, files, units) and has a file of its own, called after its step. [New] does once what all nodes
// share, [Plan.Node] the rest for one node.
package plan

import (
	"errors"
	"fmt"

	"kindling/generator/internal/kubeadm"
	"kindling/generator/internal/node"
	"kindling/generator/lock"
	"kindling/generator/spec"
	"kindling/pki"
	"kindling/templates/step"
)

// Plan makes nodes. It has the keys that it was given, of which it hands each role no more than its part.
type Plan struct {
	*shared
	keys *pki.Bundle
	// scripts are composed once for all machines with the same parts.
	scripts map[string]node.File
}

// shared is what all machines have in common: no private key is reachable from it.
type shared struct {
	cluster *spec.Cluster
	kubeadm kubeadm.Cluster
	// Local files that the spec names.
	local localFiles
	// proxyFile has the variables of the proxy, if there is one.
	proxyFile node.File
	// set names this generation of documents.
	set string
}

// machine is the one whose parts are made.
type machine struct {
	spec.Node
	*shared
}

// New prepares the plan. pinned is what machines may download. What cannot be generated yet is one error.
func New(c *spec.Cluster, keys *pki.Bundle, pinned *lock.Lock) (*Plan, error) {
	if err := Supported(c); err != nil {
		return nil, err
	}
	if !c.ReadLocal() {
		return nil, errors.New("the cluster was loaded without its local files")
	}
	local, err := newLocalFiles(c, pinned)
	if err != nil {
		return nil, err
	}
	proxyFile, err := newProxyFile(c)
	if err != nil {
		return nil, err
	}
	s := &shared{cluster: c, kubeadm: kubeadmCluster(c), local: local, proxyFile: proxyFile}
	if keys.SigningCert() != nil && !c.OfflineCAs() {
		signsWithOne(&s.kubeadm)
	}
	s.set, err = setID(s, keys.Trusted(pki.CA))
	return &Plan{s, keys, map[string]node.File{}}, err
}

// Set names this generation of documents: those with the same name fit together.
func (p *Plan) Set() string { return p.set }

// Node builds the plan of one of the spec's nodes.
func (p *Plan) Node(n spec.Node) (node.Node, error) {
	out, err := p.gather(machine{n, p.shared})
	if err != nil {
		return out, fmt.Errorf("node %s: %w", n.Name, err)
	}
	return out, nil
}

// Steps are the boot steps of one of the spec's nodes, those of the spec's own included. They depend on no key and no file.
func Steps(c *spec.Cluster, n spec.Node) []step.Step {
	var steps []step.Step
	for _, p := range recipe(machine{n, &shared{cluster: c, local: localFiles{pinned: lock.New(nil, nil, nil)}}}, new(pki.Bundle)) {
		steps = append(steps, p.Steps...)
	}
	return withOwn(steps, c.ExtraSteps)
}
