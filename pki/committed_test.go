package pki

import (
	"crypto/x509"
	"crypto/x509/pkix"
	"flag"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "make the missing files of testdata/pki")

// The PKIs that golden documents are made from, see testdata/pki/README.md.
var committed = map[string]func() Request{
	"p256": func() Request {
		r := withSuperAdmin(request("w0", "w1", "w2", "m3", "worker0", "worker1", "pool0"))
		for _, name := range []string{"cp0", "cp1", "cp2"} {
			r.Leaves = append(r.Leaves, etcdClient(name))
		}
		r.Leaves = slices.Concat(r.Leaves, etcdMember("etcd0", "10.0.0.21"), etcdMember("etcd1", "10.0.0.22"), etcdMember("etcd2", "10.0.0.23"))
		return r
	},
	"offline": func() Request {
		r := withSuperAdmin(request())
		for i, name := range []string{"cp0", "cp1", "cp2"} {
			r.Leaves = slices.Concat(r.Leaves, issued(name, fmt.Sprintf("10.0.0.%d", 7+i)), etcdMember(fmt.Sprintf("etcd%d", i), fmt.Sprintf("10.0.0.%d", 21+i)))
		}
		for name, address := range map[string]string{"w0": "10.0.0.10", "w1": "10.0.0.11"} {
			r.Leaves = append(r.Leaves, kubelet(name, address))
		}
		return r
	},
	"rsa2048": func() Request {
		r := request("w0", "w1", "w2")
		r.Algorithm = "RSA-2048"
		r.Leaves[0].Subject = subject("kubernetes-admin", "system:masters") // as before Kubernetes 1.29
		return r
	},
}

// issued are the certificates of a control plane of a cluster that signs nothing.
func issued(name, address string) []Leaf {
	leaf := func(kind, ca string, s pkix.Name, usages []x509.ExtKeyUsage, hosts ...string) Leaf {
		return Leaf{Name: NodeLeaf(name, kind), Node: name, CA: ca, Subject: s, Usages: usages, Hosts: hosts}
	}
	return slices.Concat(etcdMember(name, address)[:1], []Leaf{
		leaf(APIServer, CA, subject("kube-apiserver"), server, "kubernetes", "kubernetes.default", "kubernetes.default.svc",
			"kubernetes.default.svc.cluster.local", "api.demo.test", "10.96.0.1", name, address),
		leaf(APIServerKubeletClient, CA, subject("kube-apiserver-kubelet-client", "kubeadm:cluster-admins"), client),
		leaf(FrontProxyClient, FrontProxyCA, subject("front-proxy-client"), client),
		etcdClient(name),
		kubelet(name, address),
		leaf(MachineAdmin, CA, subject("kubernetes-admin", "kubeadm:cluster-admins"), client),
		leaf(MachineSuperAdmin, CA, subject("kubernetes-super-admin", "system:masters"), client),
		leaf(ControllerManager, CA, subject("system:kube-controller-manager"), client),
		leaf(Scheduler, CA, subject("system:kube-scheduler"), client),
		leaf(KubeVIP, CA, subject("kube-vip"), client),
	})
}

func kubelet(name, address string) Leaf {
	return Leaf{Name: NodeLeaf(name, Kubelet), Node: name, CA: CA, Subject: subject("system:node:"+name, "system:nodes"),
		Usages: clientAndServer, Hosts: []string{name, address}}
}

const committedToken = "abcdef.0123456789abcdef"

func TestCommittedPKI(t *testing.T) {
	for name, request := range committed {
		t.Run(name, func(t *testing.T) {
			r, dir := request(), filepath.Join("..", "testdata", "pki", name)
			r.Validity, r.CAValidity = 100*year, 100*year
			if *update {
				record(t, dir, r)
			}
			b := Load(r, disk(dir))
			for _, at := range []time.Time{now, now.Add(90 * year)} {
				if err := b.Check(at); err != nil {
					t.Error(err)
				}
			}
			if b.token != committedToken {
				t.Error("another token")
			}
			if diff := cmp.Diff([]string(nil), b.Missing()); diff != "" {
				t.Errorf("not committed: %s", diff)
			}
		})
	}
}

// record makes what is missing, and fails: a run that records shows nothing.
func record(t *testing.T, dir string, r Request) {
	t.Helper()
	b, made := Load(r, disk(dir)), files{}
	if err := b.Complete(now, made.add); err != nil {
		t.Fatal(err)
	}
	if made[tokenFile] != nil {
		made[tokenFile] = []byte(committedToken + "\n")
	}
	writeTo(t, dir, made)
	t.Errorf("recorded %q; run again without -update", slices.Sorted(maps.Keys(made)))
}
