package pki

import (
	"fmt"
	"io"
	"maps"
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

// Pair is a certificate and its private key, PEM, byte for byte as on disk. Either may be empty.
type Pair struct{ Cert, Key []byte }

// Bundle is a PKI directory in memory. What is missing on disk is empty here.
type Bundle struct {
	Dir string // where it was loaded from: begins the file names in problems, decides nothing

	CA, FrontProxyCA, EtcdCA Pair
	SAKey, SAPub             []byte // service accounts: private key, and public key(s) of which one belongs to it
	BootstrapToken           string
	Admin, SuperAdmin        Pair
	Nodes                    map[string]Pair // kubelet client certificates by node name
}

// Request is what a cluster needs of its PKI.
type Request struct {
	Algorithm            string        // of new keys, one of [Algorithms]; existing keys may differ
	Validity, CAValidity time.Duration // of new leaf certificates and new authorities
	AdminGroup           string        // organization of the admin certificate: kubeadm:cluster-admins or system:masters
	SuperAdmin           bool          // whether super-admin.{crt,key} is needed
	NodeCertificates     []string      // names of the nodes that join with a certificate of their own
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
	return WorkerCredentials{CACert: b.CA.Cert, Client: b.Nodes[name]}
}

// Format redacts the pair under every verb.
func (Pair) Format(s fmt.State, _ rune) { io.WriteString(s, "pki.Pair{redacted}") }

// Format redacts the bundle under every verb.
func (Bundle) Format(s fmt.State, _ rune) { io.WriteString(s, "pki.Bundle{redacted}") }

// Format redacts the credentials under every verb.
func (WorkerCredentials) Format(s fmt.State, _ rune) {
	io.WriteString(s, "pki.WorkerCredentials{redacted}")
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
		pair(nodePath(name), b.Nodes[name])
	}
	return list
}

// nodePath is where a node's pair lives.
func nodePath(node string) string { return path.Join(nodesDir, node, "kubelet-client") }
