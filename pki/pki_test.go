package pki

import (
	"crypto/x509"
	"crypto/x509/pkix"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"
)

const (
	day  = 24 * time.Hour
	year = 365 * day
)

var now = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

var (
	client          = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}
	server          = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
	clientAndServer = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth, x509.ExtKeyUsageServerAuth}
)

// request is that of a cluster with these workers.
func request(workers ...string) Request {
	r := Request{
		Algorithm:  "ECDSA-P256",
		Validity:   year,
		CAValidity: 10 * year,
		Authorities: []Authority{
			{Name: CA, CommonName: "kubernetes"}, {Name: FrontProxyCA, CommonName: "front-proxy-ca"}, {Name: EtcdCA, CommonName: "etcd-ca"},
		},
		ServiceAccount: true,
		BootstrapToken: true,
		Leaves:         []Leaf{{Name: Admin, CA: CA, Subject: subject("kubernetes-admin", "kubeadm:cluster-admins"), Usages: client}},
	}
	for _, name := range workers {
		r.Leaves = append(r.Leaves, worker(name))
	}
	return r
}

// withSuperAdmin is the request with another leaf, of no node.
func withSuperAdmin(r Request) Request {
	leaf := Leaf{Name: SuperAdmin, CA: CA, Subject: subject("kubernetes-super-admin", "system:masters"), Usages: client}
	r.Leaves = slices.Insert(slices.Clone(r.Leaves), 1, leaf)
	return r
}

func worker(name string) Leaf {
	return Leaf{Name: NodeLeaf(name, KubeletClient), Node: name, CA: CA, Subject: subject("system:node:"+name, "system:nodes"), Usages: client}
}

// external is the request of a cluster whose etcd is on a machine of its own.
func external(address string) Request {
	r := request()
	r.Leaves = slices.Concat(r.Leaves, []Leaf{etcdClient("cp0")}, etcdMember("etcd0", address))
	return r
}

func etcdClient(controlPlane string) Leaf {
	return Leaf{Name: NodeLeaf(controlPlane, EtcdClient), Node: controlPlane, CA: EtcdCA, Subject: subject("kube-apiserver-etcd-client"), Usages: client}
}

func etcdMember(name, address string) []Leaf {
	server := Leaf{Name: NodeLeaf(name, EtcdServer), Node: name, CA: EtcdCA, Subject: subject(name),
		Hosts: []string{name, "localhost", address, "127.0.0.1", "::1"}, Usages: clientAndServer}
	peer := server
	peer.Name = NodeLeaf(name, EtcdPeer)
	return []Leaf{server, peer}
}

func subject(user string, groups ...string) pkix.Name {
	return pkix.Name{CommonName: user, Organization: groups}
}

// files is a PKI in memory.
type files map[string][]byte

func (f files) read(name string) ([]byte, error) {
	if data, ok := f[name]; ok {
		return data, nil
	}
	return nil, fs.ErrNotExist
}

// add keeps the promise of every store: it never replaces a file.
func (f files) add(more map[string][]byte) error {
	for name := range more {
		if _, ok := f[name]; ok {
			return fs.ErrExist
		}
	}
	maps.Copy(f, more)
	return nil
}

func (f files) replace(more map[string][]byte) error {
	maps.Copy(f, more)
	return nil
}

func (f files) remove(names ...string) {
	for _, name := range names {
		delete(f, name)
	}
}

// complete is all that the request needs, made now.
func complete(t testing.TB, r Request) files {
	t.Helper()
	f := files{}
	finish(t, f, r, now)
	return f
}

// finish makes what is missing.
func finish(t testing.TB, f files, r Request, at time.Time) *Bundle {
	t.Helper()
	b := Load(r, f.read)
	if err := b.Complete(at, f.add); err != nil {
		t.Fatal(err)
	}
	return b
}

// loaded is a bundle that has passed Check.
func loaded(t testing.TB, f files, r Request, at time.Time) *Bundle {
	t.Helper()
	b := Load(r, f.read)
	if err := b.Check(at); err != nil {
		t.Fatal(err)
	}
	return b
}

// found lists an error's problems, a line each, as they are printed.
func found(t testing.TB, err error) []string {
	t.Helper()
	if err == nil {
		return nil
	}
	problems, ok := err.(Problems)
	if !ok {
		t.Fatal(err)
	}
	for _, p := range problems {
		if p.File == "" || p.Fault == "" || p.Remedy == "" {
			t.Errorf("%+v lacks a file, a fault or a remedy", p)
		}
	}
	return strings.Split(err.Error(), "\n")
}
