package pki

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestCheckOfCertificatesForEtcd(t *testing.T) {
	const away = "; move it away, then run kindling pki init"
	for name, test := range map[string]struct {
		request Request
		spoil   func(files)
		want    []string
	}{
		"complete": {external("10.0.0.21"), func(files) {}, nil},
		"the machine has another address now": {external("10.0.0.22"), func(files) {}, []string{
			"nodes/etcd0/etcd/server.crt: does not name 10.0.0.22" + away,
			"nodes/etcd0/etcd/peer.crt: does not name 10.0.0.22" + away,
		}},
		"a client's certificate for a server": {external("10.0.0.21"), func(f files) {
			f["nodes/etcd0/etcd/peer.crt"], f["nodes/etcd0/etcd/peer.key"] = f["nodes/cp0/apiserver-etcd-client.crt"], f["nodes/cp0/apiserver-etcd-client.key"]
		}, []string{
			"nodes/etcd0/etcd/peer.crt: is for CN=kube-apiserver-etcd-client, not for CN=etcd0" + away,
			"nodes/etcd0/etcd/peer.crt: is not for server authentication" + away,
			"nodes/etcd0/etcd/peer.crt: does not name etcd0" + away,
			"nodes/etcd0/etcd/peer.crt: does not name localhost" + away,
			"nodes/etcd0/etcd/peer.crt: does not name 10.0.0.21" + away,
			"nodes/etcd0/etcd/peer.crt: does not name 127.0.0.1" + away,
			"nodes/etcd0/etcd/peer.crt: does not name ::1" + away,
		}},
		"signed by the cluster's CA": {external("10.0.0.21"), func(f files) {
			f["etcd/ca.crt"], f["etcd/ca.key"] = f["ca.crt"], f["ca.key"]
		}, []string{
			"nodes/cp0/apiserver-etcd-client.crt: is not signed by etcd/ca.crt" + away,
			"nodes/etcd0/etcd/server.crt: is not signed by etcd/ca.crt" + away,
			"nodes/etcd0/etcd/peer.crt: is not signed by etcd/ca.crt" + away,
			"etcd/ca.crt: has the same key as ca.crt; give each a key of its own",
		}},
		"without the CA's key": {external("10.0.0.21"), func(f files) {
			f.remove("etcd/ca.key", "nodes/etcd0/etcd/peer.crt", "nodes/etcd0/etcd/peer.key")
		}, []string{
			"etcd/ca.key: is missing, although etcd/ca.crt is there (an external authority is not supported); put it there, or for a new cluster move etcd/ca.crt away and run kindling pki init",
			"nodes/etcd0/etcd/peer.crt: is missing, and cannot be made while etcd/ca.crt and etcd/ca.key are not in order; put the authority right, then run kindling pki init",
		}},
	} {
		t.Run(name, func(t *testing.T) {
			f := complete(t, external("10.0.0.21"))
			test.spoil(f)
			if diff := cmp.Diff(test.want, found(t, Load(test.request, f.read).Check(now))); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
		})
	}
}
