package generator_test

import (
	"bytes"
	"testing"

	"kindling/generator"
	"kindling/pki"

	"github.com/google/go-cmp/cmp"
)

// TestNodeRequest lists the files that the document of one machine is made from. None is another machine's.
func TestNodeRequest(t *testing.T) {
	shared := []string{"ca.key", "ca.crt", "front-proxy-ca.key", "front-proxy-ca.crt"}
	serviceAccount := []string{"sa.key", "sa.pub", "bootstrap-token"}
	for _, test := range []struct {
		cluster, node string
		want          [][]string
	}{
		{"stacked", "cp1", [][]string{shared, {"etcd/ca.key", "etcd/ca.crt"}, serviceAccount}},
		{"stacked", "w1", [][]string{{"ca.crt", "nodes/w1/kubelet-client.key", "nodes/w1/kubelet-client.crt"}}},
		{"pools", "pool", [][]string{{"ca.crt", "bootstrap-token"}}},
		{"external", "cp1", [][]string{shared, {"etcd/ca.crt"}, serviceAccount, {"nodes/cp1/apiserver-etcd-client.key", "nodes/cp1/apiserver-etcd-client.crt"}}},
		{"external", "etcd1", [][]string{{"ca.crt", "etcd/ca.crt", "nodes/etcd1/etcd/server.key", "nodes/etcd1/etcd/server.crt", "nodes/etcd1/etcd/peer.key", "nodes/etcd1/etcd/peer.crt"}}},
		{"external", "lb0", [][]string{{"ca.crt"}}},
	} {
		t.Run(test.cluster+"/"+test.node, func(t *testing.T) {
			r, err := generator.NodeRequest(load(t, test.cluster), test.node)
			if err != nil {
				t.Fatal(err)
			}
			var want []string
			for _, files := range test.want {
				want = append(want, files...)
			}
			if diff := cmp.Diff(want, r.Files()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestDocumentOfItsOwnKeys makes each document from no more than NodeRequest asks for, and compares it with the one that is
// made from everything.
func TestDocumentOfItsOwnKeys(t *testing.T) {
	for _, name := range []string{"stacked", "pools", "external", "kube-vip-v1.28"} {
		c := load(t, name)
		all := newGenerator(t, c, noon)
		for _, n := range c.Nodes {
			t.Run(name+"/"+n.Name, func(t *testing.T) {
				r, err := generator.NodeRequest(c, n.Name)
				if err != nil {
					t.Fatal(err)
				}
				bundle := pki.Load(r, testKeys(c).Read)
				if err := bundle.Check(noon); err != nil {
					t.Fatal(err)
				}
				g, err := generator.New(c, bundle, testLock(t))
				if err != nil {
					t.Fatal(err)
				}
				got, err := g.Document(n.Name, "", "")
				if err != nil {
					t.Fatal(err)
				}
				want, err := all.Document(n.Name, "", "")
				if err != nil {
					t.Fatal(err)
				}
				if !bytes.Equal(want, got) {
					t.Error("the documents differ")
				}
			})
		}
	}
}

// TestRequestNames: an imported authority has to sign for all names that kubeadm will put into certificates.
func TestRequestNames(t *testing.T) {
	for cluster, want := range map[string]map[string][]string{
		"dual-stack": {
			"ca": {"kubernetes", "kubernetes.default", "kubernetes.default.svc", "kubernetes.default.svc.cluster.local", "api.demo.test",
				"cp0", "10.0.0.7", "fd00::7", "cp1", "10.0.0.8", "fd00::8", "cp2", "10.0.0.9", "fd00::9", "10.96.0.1", "fd00:10:96::1"},
			"front-proxy-ca": nil,
			"etcd/ca": {"cp0", "localhost", "10.0.0.7", "fd00::7", "127.0.0.1", "::1", "cp1", "localhost", "10.0.0.8", "fd00::8", "127.0.0.1", "::1",
				"cp2", "localhost", "10.0.0.9", "fd00::9", "127.0.0.1", "::1"},
		},
	} {
		got := map[string][]string{}
		for _, a := range generator.Request(load(t, cluster)).Authorities {
			got[a.Name] = a.Hosts
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", cluster, diff)
		}
	}
}
