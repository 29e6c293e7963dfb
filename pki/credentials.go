package pki

import (
	"crypto/sha256"
	"fmt"
	"io"
	"strings"
	"time"
)

// Window is the time in which all certificates of a document are valid.
type Window struct{ NotBefore, NotAfter time.Time }

// ControlPlane is all that a control plane's document may carry.
type ControlPlane struct {
	CA, FrontProxyCA Pair
	EtcdCA           Pair // without its key where etcd has machines of its own
	// SigningCert is the CA's certificate alone, where CA.Cert has two of them; otherwise nil.
	SigningCert    []byte
	EtcdToken      string // by which etcd's members know their cluster
	SAKey, SAPub   []byte
	BootstrapToken string
	EtcdClient     Pair // kubeadm's apiserver-etcd-client; empty where etcd runs on the control planes
	Window
}

// Issued is all that a control plane's document may carry where the authorities' keys are on no machine. By construction none of them
// can be reached from it.
type Issued struct {
	CACert, FrontProxyCACert, EtcdCACert []byte
	EtcdToken                            string // by which etcd's members know their cluster
	SAKey, SAPub                         []byte
	Leaves                               map[string]Pair // the node's own, by their kinds: all that kubeadm would sign, and more
	Window
}

// Worker is all that a worker's document may carry. By construction neither an authority's key nor the service account key
// can be reached from it.
type Worker struct {
	CACert         []byte
	Client         Pair   // empty when the worker joins with the token
	BootstrapToken string // empty when the worker joins with its own certificate
	Window
}

// EtcdMember is all that the document of a machine with nothing but etcd may carry. No authority's key can be reached from
// it.
type EtcdMember struct {
	CACert       []byte
	EtcdToken    string // by which etcd's members know their cluster
	Server, Peer Pair   // kubeadm's etcd/server and etcd/peer
	Window
}

// LoadBalancer is all that a load balancer's document may carry.
type LoadBalancer struct {
	CACert []byte
	Window
}

// ControlPlane returns what the control plane of this name carries. Where etcd is external, it is a client of etcd and has
// no key of etcd's authority.
func (b *Bundle) ControlPlane(name string, externalEtcd bool) ControlPlane {
	c := ControlPlane{
		CA: b.pairs[CA], FrontProxyCA: b.pairs[FrontProxyCA], EtcdCA: b.pairs[EtcdCA],
		SigningCert: b.SigningCert(), EtcdToken: b.etcdToken(),
		SAKey: b.saKey, SAPub: b.withOther(ServiceAccount, b.saPub), BootstrapToken: b.token,
	}
	c.CA.Cert, c.FrontProxyCA.Cert, c.EtcdCA.Cert = b.Trusted(CA), b.Trusted(FrontProxyCA), b.Trusted(EtcdCA)
	if externalEtcd {
		c.EtcdCA.Key, c.EtcdCA.key = nil, nil
		c.EtcdClient = b.pairs[NodeLeaf(name, EtcdClient)]
	}
	c.Window = window(c.CA, c.FrontProxyCA, c.EtcdCA, c.EtcdClient)
	return c
}

// Issued returns what the control plane of this name carries where the authorities' keys are on no machine.
func (b *Bundle) Issued(name string) Issued {
	i := Issued{
		CACert: b.Trusted(CA), FrontProxyCACert: b.Trusted(FrontProxyCA), EtcdCACert: b.Trusted(EtcdCA),
		EtcdToken: b.etcdToken(),
		SAKey:     b.saKey, SAPub: b.withOther(ServiceAccount, b.saPub), Leaves: map[string]Pair{},
	}
	all := []Pair{b.pairs[CA], b.pairs[FrontProxyCA], b.pairs[EtcdCA]}
	for _, l := range b.request.Leaves {
		if kind, own := strings.CutPrefix(l.Name, NodeLeaf(name, "")+"/"); own {
			i.Leaves[kind] = b.pairs[l.Name]
			all = append(all, b.pairs[l.Name])
		}
	}
	i.Window = window(all...)
	return i
}

// Worker returns what the worker of this name carries: the bootstrap token or its own client certificate, never both.
func (b *Bundle) Worker(name string, withToken bool) Worker {
	ca := b.pairs[CA]
	if withToken {
		return Worker{CACert: b.Trusted(CA), BootstrapToken: b.token, Window: window(ca)}
	}
	client, found := b.pairs[NodeLeaf(name, Kubelet)]
	if !found {
		client = b.pairs[NodeLeaf(name, KubeletClient)]
	}
	return Worker{CACert: b.Trusted(CA), Client: client, Window: window(ca, client)}
}

// EtcdMember returns what the etcd machine of this name carries.
func (b *Bundle) EtcdMember(name string) EtcdMember {
	ca, server, peer := b.pairs[EtcdCA], b.pairs[NodeLeaf(name, EtcdServer)], b.pairs[NodeLeaf(name, EtcdPeer)]
	return EtcdMember{b.Trusted(EtcdCA), b.etcdToken(), server, peer, window(ca, server, peer)}
}

// LoadBalancer returns what a load balancer carries.
func (b *Bundle) LoadBalancer() LoadBalancer {
	ca := b.pairs[CA]
	return LoadBalancer{b.Trusted(CA), window(ca)}
}

// etcdToken follows from the CA, so that only documents of one PKI agree on it.
func (b *Bundle) etcdToken() string {
	cert := b.pairs[EtcdCA].Cert
	if b.firstEtcdCA != nil {
		cert = b.firstEtcdCA
	}
	sum := sha256.Sum256(cert)
	return fmt.Sprintf("kindling-%x", sum[:8])
}

// window is the latest beginning and the earliest end of certificates that have passed [Bundle.Check].
func window(pairs ...Pair) Window {
	var w Window
	for _, p := range pairs {
		if p.cert == nil {
			continue
		}
		if p.cert.NotBefore.After(w.NotBefore) {
			w.NotBefore = p.cert.NotBefore
		}
		if w.NotAfter.IsZero() || p.cert.NotAfter.Before(w.NotAfter) {
			w.NotAfter = p.cert.NotAfter
		}
	}
	return w
}

// Format redacts the credentials under every verb.
func (ControlPlane) Format(s fmt.State, _ rune) { io.WriteString(s, "pki.ControlPlane{redacted}") }

// Format redacts the credentials under every verb.
func (Issued) Format(s fmt.State, _ rune) { io.WriteString(s, "pki.Issued{redacted}") }

// Format redacts the credentials under every verb.
func (Worker) Format(s fmt.State, _ rune) { io.WriteString(s, "pki.Worker{redacted}") }

// Format redacts the credentials under every verb.
func (EtcdMember) Format(s fmt.State, _ rune) { io.WriteString(s, "pki.EtcdMember{redacted}") }
