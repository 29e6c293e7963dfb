package pki

import (
	"fmt"
	"io"
	"maps"
	"net/netip"
	"path"
	"slices"
	"time"
)

// Where each part of a [Bundle] lives below the PKI directory; a pair is NAME.crt and NAME.key.
const (
	caName           = "ca"
	frontProxyCAName = "front-proxy-ca"
	etcdCAName       = "etcd/ca"
	saKeyFile        = "sa.key"
	saPubFile        = "sa.pub"
	tokenFile        = "bootstrap-token"
	adminName        = "admin"
	superAdminName   = "super-admin"
	nodesDir         = "nodes"
)

// A node's own certificates, below nodes/NAME. All but the first are called as kubeadm calls them.
const (
	kubeletClient = "kubelet-client"
	etcdClient    = "apiserver-etcd-client"
	etcdServer    = "etcd/server"
	etcdPeer      = "etcd/peer"
)

var leafKinds = []string{kubeletClient, etcdClient, etcdServer, etcdPeer}

// Pair is a certificate and its private key, PEM, byte for byte as on disk. Either may be empty.
type Pair struct{ Cert, Key []byte }

// Bundle is a PKI directory in memory. What is missing on disk is empty here.
type Bundle struct {
	Dir string // where it was loaded from: begins the file names in problems, decides nothing

	CA, FrontProxyCA, EtcdCA Pair
	SAKey, SAPub             []byte // service accounts: private key, and public key(s) of which one belongs to it
	BootstrapToken           string
	Admin, SuperAdmin        Pair
	Nodes                    map[string]Pair // nodes' own certificates by their names below nodes/, such as w0/kubelet-client
}

// Request is what a cluster needs of its PKI.
type Request struct {
	Algorithm            string        // of new keys, one of [Algorithms]; existing keys may differ
	Validity, CAValidity time.Duration // of new leaf certificates and new authorities
	AdminGroup           string        // organization of the admin certificate: kubeadm:cluster-admins or system:masters
	SuperAdmin           bool          // whether super-admin.{crt,key} is needed
	NodeCertificates     []string      // names of the nodes that join with a certificate of their own
	EtcdMembers          []Host        // machines with etcd that have no authority's key
	EtcdClients          []string      // names of the control planes whose API servers reach those
}

// Host is a machine that others reach by its name and addresses.
type Host struct {
	Name      string
	Addresses []netip.Addr
}

// WorkerCredentials is all that a worker's document may carry. By construction neither an authority's key nor the service
// account key can be reached from it.
type WorkerCredentials struct {
	CACert         []byte
	Client         Pair   // empty when the worker joins with the token
	BootstrapToken string // empty when the worker joins with its own certificate
}

// Worker returns what the worker of this name carries: the bootstrap token or its own client certificate, never both.
func (b *Bundle) Worker(name string, withToken bool) WorkerCredentials {
	if withToken {
		return WorkerCredentials{CACert: b.CA.Cert, BootstrapToken: b.BootstrapToken}
	}
	return WorkerCredentials{CACert: b.CA.Cert, Client: b.Nodes[name+"/"+kubeletClient]}
}

// EtcdCredentials is all that the document of a machine with nothing but etcd may carry. No authority's key can be reached
// from it.
type EtcdCredentials struct {
	CACert       []byte
	Server, Peer Pair // kubeadm's etcd/server and etcd/peer
}

// EtcdMember returns what the etcd machine of this name carries.
func (b *Bundle) EtcdMember(name string) EtcdCredentials {
	return EtcdCredentials{b.EtcdCA.Cert, b.Nodes[name+"/"+etcdServer], b.Nodes[name+"/"+etcdPeer]}
}

// EtcdClient returns kubeadm's apiserver-etcd-client pair of the control plane of this name.
func (b *Bundle) EtcdClient(name string) Pair { return b.Nodes[name+"/"+etcdClient] }

// Format redacts the pair under every verb.
func (Pair) Format(s fmt.State, _ rune) { io.WriteString(s, "pki.Pair{redacted}") }

// Format redacts the bundle under every verb.
func (Bundle) Format(s fmt.State, _ rune) { io.WriteString(s, "pki.Bundle{redacted}") }

// Format redacts the credentials under every verb.
func (WorkerCredentials) Format(s fmt.State, _ rune) {
	io.WriteString(s, "pki.WorkerCredentials{redacted}")
}

// Format redacts the credentials under every verb.
func (EtcdCredentials) Format(s fmt.State, _ rune) {
	io.WriteString(s, "pki.EtcdCredentials{redacted}")
}

// file is one file of the PKI directory.
type file struct {
	name   string // below the directory, with slashes
	data   []byte
	secret bool
}

// files lists the bundle's files in the order in which they are written, empty ones left out.
func (b *Bundle) files() []file {
	var list []file
	add := func(name string, data []byte, secret bool) {
		if len(data) > 0 {
			list = append(list, file{name, data, secret})
		}
	}
	pair := func(name string, p Pair) {
		add(name+".key", p.Key, true)
		add(name+".crt", p.Cert, false)
	}
	pair(caName, b.CA)
	pair(frontProxyCAName, b.FrontProxyCA)
	pair(etcdCAName, b.EtcdCA)
	add(saKeyFile, b.SAKey, true)
	add(saPubFile, b.SAPub, false)
	if b.BootstrapToken != "" {
		add(tokenFile, []byte(b.BootstrapToken+"\n"), true)
	}
	pair(adminName, b.Admin)
	pair(superAdminName, b.SuperAdmin)
	for _, name := range slices.Sorted(maps.Keys(b.Nodes)) {
		pair(path.Join(nodesDir, name), b.Nodes[name])
	}
	return list
}
