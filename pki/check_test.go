package pki

import (
	"crypto"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestCheck(t *testing.T) {
	const (
		away = "; move it away, then run kindling pki init"
		init = "; run kindling pki init"
	)
	r := request("w0", "w1")
	r.SuperAdmin = true
	other := complete(t, r)

	tests := []struct {
		name  string
		spoil func(*Bundle)
		at    time.Duration // after now
		want  []string
	}{
		{name: "complete", spoil: func(*Bundle) {}},
		{name: "empty", spoil: func(b *Bundle) { *b = Bundle{Dir: "pki"} }, want: []string{
			"pki/ca.crt: is missing" + init,
			"pki/front-proxy-ca.crt: is missing" + init,
			"pki/etcd/ca.crt: is missing" + init,
			"pki/sa.key: is missing" + init,
			"pki/bootstrap-token: is missing" + init,
			"pki/admin.crt: is missing" + init,
			"pki/super-admin.crt: is missing" + init,
			"pki/nodes/w0/kubelet-client.crt: is missing" + init,
			"pki/nodes/w1/kubelet-client.crt: is missing" + init,
		}},
		{name: "halves that init completes", spoil: func(b *Bundle) { b.SAPub, b.Admin.Cert = nil, nil }, want: []string{
			"sa.pub: is missing" + init,
			"admin.crt: is missing" + init,
		}},
		{name: "several at once", spoil: func(b *Bundle) {
			b.EtcdCA.Key = other.EtcdCA.Key
			b.SAPub = other.SAPub
			b.BootstrapToken = "abcdef.0123456789ABCDEF"
			b.Nodes["w1/kubelet-client"] = other.Nodes["w1/kubelet-client"]
		}, want: []string{
			"etcd/ca.crt: does not belong to etcd/ca.key; put the right one there, or move both away, then run kindling pki init",
			"sa.pub: does not belong to sa.key" + away,
			"bootstrap-token: is not of the form [a-z0-9]{6}.[a-z0-9]{16}" + away,
			"nodes/w1/kubelet-client.crt: is not signed by ca.crt" + away,
		}},
		{name: "leaf as authority", spoil: func(b *Bundle) { b.FrontProxyCA = b.Admin }, want: []string{
			"front-proxy-ca.crt: is not a certificate authority" + away,
		}},
		{name: "other authority of the same name", spoil: func(b *Bundle) { b.CA = other.CA }, want: []string{
			"admin.crt: is not signed by ca.crt" + away,
			"super-admin.crt: is not signed by ca.crt" + away,
			"nodes/w0/kubelet-client.crt: is not signed by ca.crt" + away,
			"nodes/w1/kubelet-client.crt: is not signed by ca.crt" + away,
		}},
		{name: "pair of another leaf", spoil: func(b *Bundle) { b.Admin.Key = b.SuperAdmin.Key }, want: []string{
			"admin.crt: does not belong to admin.key; put the right one there, or move both away, then run kindling pki init",
		}},
		{name: "node of another name", spoil: func(b *Bundle) { b.Nodes["w1/kubelet-client"] = b.Nodes["w0/kubelet-client"] }, want: []string{
			"nodes/w1/kubelet-client.crt: is for CN=system:node:w0,O=system:nodes, not for CN=system:node:w1,O=system:nodes" + away,
		}},
		{name: "admin of another group", spoil: func(b *Bundle) { b.Admin = b.SuperAdmin }, want: []string{
			"admin.crt: is for CN=kubernetes-super-admin,O=system:masters, not for CN=kubernetes-admin,O=kubeadm:cluster-admins" + away,
		}},
		{name: "authority as leaf", spoil: func(b *Bundle) { b.Admin = b.CA }, want: []string{
			"admin.crt: is for CN=kubernetes, not for CN=kubernetes-admin,O=kubeadm:cluster-admins" + away,
			"admin.crt: is not for client authentication" + away,
		}},
		{name: "expired leaves", spoil: func(*Bundle) {}, at: year + time.Second, want: []string{
			"admin.crt: expired on 2027-01-01T00:00:00Z" + away,
			"super-admin.crt: expired on 2027-01-01T00:00:00Z" + away,
			"nodes/w0/kubelet-client.crt: expired on 2027-01-01T00:00:00Z" + away,
			"nodes/w1/kubelet-client.crt: expired on 2027-01-01T00:00:00Z" + away,
		}},
		{name: "expired authority", spoil: func(b *Bundle) {
			b.EtcdCA.Cert = selfSigned(t, b.EtcdCA.Key, now.Add(-2*day))
		}, want: []string{
			"etcd/ca.crt: expired on 2025-12-31T00:00:00Z" + away,
		}},
		{name: "not yet valid", spoil: func(*Bundle) {}, at: -2 * day, want: []string{
			"ca.crt: is not valid before 2025-12-31T00:00:00Z; set this computer's clock, or move it away, then run kindling pki init",
		}},
		{name: "secret in a public file", spoil: func(b *Bundle) {
			b.CA.Cert = append(append([]byte{}, b.CA.Cert...), b.CA.Key...)
		}, want: []string{
			"ca.crt: holds a private key, but this file is handed out; move the private key out of it",
		}},
		{name: "not asked for", spoil: func(b *Bundle) {
			b.Nodes["gone/kubelet-client"] = Pair{Cert: []byte("junk")}
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			b := complete(t, r)
			test.spoil(b)
			got := found(t, b.Check(r, now.Add(test.at)))
			if test.name == "not yet valid" {
				got = got[:1]
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
		})
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
	b := complete(t, request())
	b.SAPub = append(complete(t, request()).SAPub, b.SAPub...)
	if err := b.Check(request(), now); err != nil {
		t.Error(err)
	}
}

// An authority may be signed by another one, whose certificate follows its own; the first counts.
func TestCheckTakesIntermediateAuthority(t *testing.T) {
	b := complete(t, request())
	root := complete(t, request())
	rootCert, rootKey := authorityOf(t, root.CA)
	cert, key := authorityOf(t, b.CA)
	template := *cert.cert
	signed, err := sign(&template, rootCert.cert, key.Public(), rootKey)
	if err != nil {
		t.Fatal(err)
	}
	b.CA.Cert = append(signed, root.CA.Cert...)
	b.Admin = Pair{}
	if _, err := b.Complete(request(), now); err != nil {
		t.Error(err)
	}
}

func authorityOf(t *testing.T, p Pair) (*authority, crypto.Signer) {
	t.Helper()
	cert, err := parseCertificate(p.Cert)
	if err != nil {
		t.Fatal(err)
	}
	key, err := parseKey(p.Key)
	if err != nil {
		t.Fatal(err)
	}
	return &authority{cert, key}, key
}

// No message holds a line of any secret, whatever is wrong.
func TestErrorsHoldNoSecrets(t *testing.T) {
	r := request("w0")
	b, other := complete(t, r), complete(t, r)
	mixed := Bundle{
		CA:             Pair{Cert: b.CA.Key, Key: other.CA.Key},
		FrontProxyCA:   Pair{Cert: b.FrontProxyCA.Cert, Key: other.FrontProxyCA.Key[:100]},
		EtcdCA:         Pair{Cert: b.EtcdCA.Cert, Key: append([]byte("junk\n"), other.EtcdCA.Key[40:]...)},
		SAKey:          b.SAKey,
		SAPub:          other.SAKey,
		BootstrapToken: "SECRET" + b.BootstrapToken,
		Admin:          Pair{Cert: b.Admin.Key, Key: b.Admin.Cert},
	}
	err := mixed.Check(r, now)
	if err == nil {
		t.Fatal("accepted")
	}
	for _, secret := range [][]byte{b.CA.Key, other.CA.Key, other.FrontProxyCA.Key, other.EtcdCA.Key, b.SAKey, other.SAKey, b.Admin.Key, []byte(b.BootstrapToken)} {
		for line := range strings.Lines(string(secret)) {
			if line = strings.TrimSpace(line); !strings.HasPrefix(line, "-----") && strings.Contains(err.Error(), line) {
				t.Error("an error holds a secret")
			}
		}
	}
}
