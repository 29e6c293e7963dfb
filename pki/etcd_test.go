package pki

import (
	"bytes"
	"net/netip"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// external is the request of a cluster whose etcd is on a machine of its own.
func external(address string) Request {
	r := request()
	r.EtcdMembers = []Host{{"etcd0", []netip.Addr{netip.MustParseAddr(address)}}}
	r.EtcdClients = []string{"cp0"}
	return r
}

func TestCompleteMakesCertificatesForEtcd(t *testing.T) {
	b := complete(t, request())
	added, err := b.Complete(external("10.0.0.21"), now)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"nodes/cp0/apiserver-etcd-client.key", "nodes/cp0/apiserver-etcd-client.crt",
		"nodes/etcd0/etcd/peer.key", "nodes/etcd0/etcd/peer.crt", "nodes/etcd0/etcd/server.key", "nodes/etcd0/etcd/server.crt",
	}
	if diff := cmp.Diff(want, added); diff != "" {
		t.Errorf("added (-want +got):\n%s", diff)
	}
	member := b.EtcdMember("etcd0")
	if !bytes.Equal(member.CACert, b.EtcdCA.Cert) || !bytes.Equal(member.Peer.Key, b.Nodes["etcd0/etcd/peer"].Key) ||
		!bytes.Equal(member.Server.Key, b.Nodes["etcd0/etcd/server"].Key) || !bytes.Equal(b.EtcdClient("cp0").Key, b.Nodes["cp0/apiserver-etcd-client"].Key) {
		t.Error("someone carries another one's keys")
	}
}

// TestOpenSSLAcceptsCertificatesForEtcd holds that each is for what kubeadm's own would be, and for nothing else.
func TestOpenSSLAcceptsCertificatesForEtcd(t *testing.T) {
	dir := initDir(t, external("10.0.0.21"))
	const at = "1767225600" // now
	verify := func(ca, purpose, name string, more ...string) error {
		return exec.Command("openssl", append(append([]string{"verify", "-x509_strict", "-attime", at, "-purpose", purpose, "-CAfile", filepath.Join(dir, ca+".crt")}, more...),
			filepath.Join(dir, "nodes", name+".crt"))...).Run()
	}
	for _, test := range []struct {
		ca, purpose, name string
		more              []string
		want              bool
	}{
		{"etcd/ca", "sslserver", "etcd0/etcd/server", []string{"-verify_ip", "10.0.0.21"}, true},
		{"etcd/ca", "sslserver", "etcd0/etcd/peer", []string{"-verify_ip", "10.0.0.21"}, true},
		{"etcd/ca", "sslserver", "etcd0/etcd/server", []string{"-verify_hostname", "localhost"}, true},
		{"etcd/ca", "sslserver", "etcd0/etcd/server", []string{"-verify_ip", "::1"}, true},
		{"etcd/ca", "sslserver", "etcd0/etcd/server", []string{"-verify_ip", "10.0.0.22"}, false},
		{"etcd/ca", "sslclient", "etcd0/etcd/peer", nil, true},
		{"etcd/ca", "sslclient", "cp0/apiserver-etcd-client", nil, true},
		{"etcd/ca", "sslserver", "cp0/apiserver-etcd-client", nil, false},
		{"ca", "sslclient", "cp0/apiserver-etcd-client", nil, false},
		{"ca", "sslclient", "etcd0/etcd/peer", nil, false},
	} {
		if err := verify(test.ca, test.purpose, test.name, test.more...); (err == nil) != test.want {
			t.Errorf("%s by %s as %s %q: %v", test.name, test.ca, test.purpose, test.more, err)
		}
	}
}

func TestCheckOfCertificatesForEtcd(t *testing.T) {
	const away = "; move it away, then run kindling pki init"
	for name, test := range map[string]struct {
		request Request
		spoil   func(*Bundle)
		want    []string
	}{
		"complete": {external("10.0.0.21"), func(*Bundle) {}, nil},
		"the machine has another address now": {external("10.0.0.22"), func(*Bundle) {}, []string{
			"nodes/etcd0/etcd/server.crt: does not name 10.0.0.22" + away,
			"nodes/etcd0/etcd/peer.crt: does not name 10.0.0.22" + away,
		}},
		"a client's certificate for a server": {external("10.0.0.21"), func(b *Bundle) { b.Nodes["etcd0/etcd/peer"] = b.Nodes["cp0/apiserver-etcd-client"] }, []string{
			"nodes/etcd0/etcd/peer.crt: is for CN=kube-apiserver-etcd-client, not for CN=etcd0" + away,
			"nodes/etcd0/etcd/peer.crt: is not for server authentication" + away,
			"nodes/etcd0/etcd/peer.crt: does not name etcd0" + away,
			"nodes/etcd0/etcd/peer.crt: does not name localhost" + away,
			"nodes/etcd0/etcd/peer.crt: does not name 10.0.0.21" + away,
			"nodes/etcd0/etcd/peer.crt: does not name 127.0.0.1" + away,
			"nodes/etcd0/etcd/peer.crt: does not name ::1" + away,
		}},
		"signed by the cluster's CA": {external("10.0.0.21"), func(b *Bundle) { b.EtcdCA = b.CA }, []string{
			"nodes/cp0/apiserver-etcd-client.crt: is not signed by etcd/ca.crt" + away,
			"nodes/etcd0/etcd/server.crt: is not signed by etcd/ca.crt" + away,
			"nodes/etcd0/etcd/peer.crt: is not signed by etcd/ca.crt" + away,
		}},
		"without the CA's key": {external("10.0.0.21"), func(b *Bundle) { b.EtcdCA.Key = nil; delete(b.Nodes, "etcd0/etcd/peer") }, []string{
			"etcd/ca.key: is missing, although etcd/ca.crt is there (an external authority is not supported); put it there, or for a new cluster move etcd/ca.crt away and run kindling pki init",
			"nodes/etcd0/etcd/peer.crt: is missing, and cannot be made while etcd/ca.crt and etcd/ca.key are not in order; put the authority right, then run kindling pki init",
		}},
	} {
		t.Run(name, func(t *testing.T) {
			b := complete(t, external("10.0.0.21"))
			test.spoil(b)
			if diff := cmp.Diff(test.want, found(t, b.Check(test.request, now))); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
		})
	}
}

func TestTokenSecret(t *testing.T) {
	b := &Bundle{BootstrapToken: "012345.0123456789abcdef"}
	want := `apiVersion: v1
kind: Secret
metadata:
  name: bootstrap-token-012345
  namespace: kube-system
type: bootstrap.kubernetes.io/token
stringData:
  token-id: "012345"
  token-secret: "0123456789abcdef"
  expiration: "2026-01-01T00:00:00Z"
  usage-bootstrap-authentication: "true"
  usage-bootstrap-signing: "true"
  auth-extra-groups: system:bootstrappers:kubeadm:default-node-token
`
	if diff := cmp.Diff(want, string(b.TokenSecret(now))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
