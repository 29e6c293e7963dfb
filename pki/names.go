package pki

import (
	"path"
	"slices"
	"strings"
)

// The pairs of a PKI directory by their names: each is NAME.crt and NAME.key.
const (
	CA           = "ca"
	FrontProxyCA = "front-proxy-ca"
	EtcdCA       = "etcd/ca"
	Admin        = "admin"
	SuperAdmin   = "super-admin"
)

const (
	saKeyFile = "sa.key"
	saPubFile = "sa.pub"
	tokenFile = "bootstrap-token"
	nodesDir  = "nodes"
)

// The kinds of certificate that a node may have, see [NodeLeaf]. What kubeadm knows has kubeadm's name.
const (
	KubeletClient = "kubelet-client"
	EtcdClient    = "apiserver-etcd-client"
	EtcdServer    = "etcd/server"
	EtcdPeer      = "etcd/peer"
)

// The other kinds that a node has where the authorities' keys are on no machine. A program that is both a client and a server has one
// certificate for both, since all of them together have to fit into a document.
const (
	APIServer              = "apiserver"
	APIServerKubeletClient = "apiserver-kubelet-client"
	FrontProxyClient       = "front-proxy-client"
	Kubelet                = "kubelet" // a Node's identity, and what kubelet serves with
	MachineAdmin           = "admin"
	MachineSuperAdmin      = "super-admin"
	ControllerManager      = "controller-manager"
	Scheduler              = "scheduler"
	KubeVIP                = "kube-vip"
)

// KubeconfigKinds are those of which a control plane makes kubeconfigs, beside kubelet's.
var KubeconfigKinds = []string{MachineAdmin, MachineSuperAdmin, ControllerManager, Scheduler, KubeVIP}

var nodeKinds = append([]string{KubeletClient, EtcdClient, EtcdServer, EtcdPeer, APIServer, APIServerKubeletClient, FrontProxyClient, Kubelet}, KubeconfigKinds...)

// NodeLeaf is the name of a node's certificate of this kind.
func NodeLeaf(node, kind string) string { return path.Join(nodesDir, node, kind) }

// isShared reports whether a file is an authority's or the service account's: every machine of a running cluster relies on it.
func isShared(name string) bool {
	switch unrotated(strings.TrimSuffix(strings.TrimSuffix(name, ".crt"), ".key")) {
	case CA, FrontProxyCA, EtcdCA, ServiceAccount, saPubFile:
		return true
	}
	return false
}

// unrotated is the name of that in whose place a rotation puts a pair.
func unrotated(pair string) string {
	return strings.TrimSuffix(strings.TrimSuffix(pair, next), previous)
}

// isCertificate reports whether a file is one of those that [Describe] lists.
func isCertificate(name string) bool {
	pair, ok := strings.CutSuffix(name, ".crt")
	if !ok {
		return false
	}
	if slices.Contains([]string{CA, FrontProxyCA, EtcdCA, Admin, SuperAdmin}, unrotated(pair)) {
		return true
	}
	below, ok := strings.CutPrefix(pair, nodesDir+"/")
	_, kind, _ := strings.Cut(below, "/")
	return ok && slices.Contains(nodeKinds, kind)
}
