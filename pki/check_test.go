package pki

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestCheck(t *testing.T) {
	const (
		away = "; move it away, then run kindling pki init"
		init = "; run kindling pki init"
		w0   = "nodes/w0/kubelet-client"
		w1   = "nodes/w1/kubelet-client"
	)
	r := withSuperAdmin(request("w0", "w1"))
	good, other := complete(t, r), complete(t, r)
	// put gives a pair another one's content.
	put := func(f files, pair string, from files, source string) {
		f[pair+".crt"], f[pair+".key"] = from[source+".crt"], from[source+".key"]
	}

	tests := []struct {
		name  string
		spoil func(files)
		at    time.Duration // after now
		want  []string
	}{
		{name: "complete", spoil: func(files) {}},
		{name: "empty", spoil: func(f files) { clear(f) }, want: []string{"ca.crt: is missing (and 8 more files like it)" + init}},
		{name: "halves that init completes", spoil: func(f files) { f.remove("sa.pub", "admin.crt") }, want: []string{
			"sa.pub: is missing" + init,
			"admin.crt: is missing" + init,
		}},
		{name: "several at once", spoil: func(f files) {
			f["etcd/ca.key"] = other["etcd/ca.key"]
			f["sa.pub"] = other["sa.pub"]
			f["bootstrap-token"] = []byte("abcdef.0123456789ABCDEF")
			put(f, w1, other, w1)
		}, want: []string{
			"bootstrap-token: is not of the form [a-z0-9]{6}.[a-z0-9]{16}; restore it, or move it away, then run kindling pki init",
			"etcd/ca.crt: does not belong to etcd/ca.key; put the right one there, or move both away, then run kindling pki init",
			"sa.pub: does not belong to sa.key" + away,
			"nodes/w1/kubelet-client.crt: is not signed by ca.crt" + away,
		}},
		{name: "leaf as authority", spoil: func(f files) { put(f, FrontProxyCA, f, Admin) }, want: []string{
			"front-proxy-ca.crt: is not a certificate authority; put the original back; only for a new cluster move the whole PKI away and run kindling pki init",
			"admin.key: has the same key as front-proxy-ca.crt; give each a key of its own",
		}},
		{name: "other authority of the same name", spoil: func(f files) { put(f, CA, other, CA) }, want: []string{
			"admin.crt: is not signed by ca.crt" + away,
			"super-admin.crt: is not signed by ca.crt" + away,
			"nodes/w0/kubelet-client.crt: is not signed by ca.crt" + away,
			"nodes/w1/kubelet-client.crt: is not signed by ca.crt" + away,
		}},
		{name: "key of another leaf", spoil: func(f files) { f["admin.key"] = f["super-admin.key"] }, want: []string{
			"admin.crt: does not belong to admin.key; put the right one there, or move both away, then run kindling pki init",
		}},
		{name: "node of another name", spoil: func(f files) { put(f, w1, f, w0) }, want: []string{
			"nodes/w1/kubelet-client.crt: is for CN=system:node:w0,O=system:nodes, not for CN=system:node:w1,O=system:nodes" + away,
		}},
		{name: "admin of another group", spoil: func(f files) { put(f, Admin, f, SuperAdmin) }, want: []string{
			"admin.crt: is for CN=kubernetes-super-admin,O=system:masters, not for CN=kubernetes-admin,O=kubeadm:cluster-admins" + away,
		}},
		{name: "authority as leaf", spoil: func(f files) { put(f, Admin, f, CA) }, want: []string{
			"admin.crt: is for CN=kubernetes, not for CN=kubernetes-admin,O=kubeadm:cluster-admins" + away,
			"admin.crt: is not for client authentication" + away,
			"admin.key: has the same key as ca.crt; give each a key of its own",
		}},
		{name: "expired leaves", spoil: func(files) {}, at: year + time.Second, want: []string{
			"admin.crt: expired on 2027-01-01T00:00:00Z; run kindling pki renew",
			"super-admin.crt: expired on 2027-01-01T00:00:00Z; run kindling pki renew",
			"nodes/w0/kubelet-client.crt: expired on 2027-01-01T00:00:00Z; run kindling pki renew",
			"nodes/w1/kubelet-client.crt: expired on 2027-01-01T00:00:00Z; run kindling pki renew",
		}},
		{name: "expired authority", spoil: func(f files) { f["etcd/ca.crt"] = selfSigned(t, f["etcd/ca.key"], now.Add(-2*day)) }, want: []string{
			"etcd/ca.crt: this authority expired on 2025-12-31T00:00:00Z; every machine trusts it: rotate it by hand as Kubernetes' documentation says, or for a new cluster begin with a new PKI",
		}},
		{name: "not yet valid", spoil: func(files) {}, at: -2 * day, want: []string{
			"ca.crt: is not valid before 2025-12-31T00:00:00Z (and 6 more files like it); set this computer's clock, or move it away, then run kindling pki init",
		}},
		{name: "secret in a public file", spoil: func(f files) { f["ca.crt"] = append(bytes.Clone(f["ca.crt"]), f["ca.key"]...) }, want: []string{
			"ca.crt: holds a private key, but this file is handed out; move the private key out of it",
		}},
		{name: "not asked for", spoil: func(f files) { f["nodes/gone/kubelet-client.crt"] = []byte("junk") }},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			f := files{}
			if err := f.add(good); err != nil {
				t.Fatal(err)
			}
			test.spoil(f)
			if diff := cmp.Diff(test.want, found(t, Load(r, f.read).Check(now.Add(test.at)))); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
		})
	}
}

// Of a leaf that is only listed it does not matter that it has expired.
func TestCheckOfListedLeaf(t *testing.T) {
	r := request()
	f := complete(t, r)
	r.Leaves[0].Listed = true
	if err := Load(r, f.read).Check(now.Add(2 * year)); err != nil {
		t.Error(err)
	}
}

// selfSigned is an authority's certificate for this key, made at another time and valid for a day.
func selfSigned(t *testing.T, keyPEM []byte, at time.Time) []byte {
	t.Helper()
	key, err := parseKey(keyPEM)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := newAuthority(key, "etcd-ca", at, day)
	if err != nil {
		t.Fatal(err)
	}
	return cert
}

// While a cluster rotates its service account key, sa.pub holds the old one as well.
func TestCheckTakesAnyPublicKeyOfSAPub(t *testing.T) {
	f := complete(t, request())
	f["sa.pub"] = append(complete(t, request())["sa.pub"], f["sa.pub"]...)
	loaded(t, f, request(), now)
}

// No message holds a line of any secret, whatever is wrong.
func TestErrorsHoldNoSecrets(t *testing.T) {
	r := request("w0")
	f, other := complete(t, r), complete(t, r)
	mixed := files{
		"ca.crt": f["ca.key"], "ca.key": other["ca.key"],
		"front-proxy-ca.crt": f["front-proxy-ca.crt"], "front-proxy-ca.key": other["front-proxy-ca.key"][:100],
		"etcd/ca.crt": f["etcd/ca.crt"], "etcd/ca.key": append([]byte("junk\n"), other["etcd/ca.key"][40:]...),
		"sa.key": f["sa.key"], "sa.pub": other["sa.key"],
		"bootstrap-token": append([]byte("SECRET"), f["bootstrap-token"]...),
		"admin.crt":       f["admin.key"], "admin.key": f["admin.crt"],
	}
	err := Load(r, mixed.read).Check(now)
	if err == nil {
		t.Fatal("accepted")
	}
	for _, set := range []files{f, other} {
		for name, secret := range set {
			if strings.HasSuffix(name, ".crt") || strings.HasSuffix(name, ".pub") {
				continue
			}
			for line := range strings.Lines(string(secret)) {
				if line = strings.TrimSpace(line); !strings.HasPrefix(line, "-----") && strings.Contains(err.Error(), line) {
					t.Error("an error holds a secret")
				}
			}
		}
	}
}
