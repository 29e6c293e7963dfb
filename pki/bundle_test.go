package pki

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestCredentials(t *testing.T) {
	r := external("10.0.0.21")
	r.Leaves = append(r.Leaves, worker("w0"))
	f := complete(t, r)
	b := loaded(t, f, r, now)
	token := strings.TrimSpace(string(f["bootstrap-token"]))

	stacked, outside := b.ControlPlane("cp0", false), b.ControlPlane("cp0", true)
	withToken, withCertificate := b.Worker("w0", true), b.Worker("w0", false)
	member := b.EtcdMember("etcd0")
	for name, test := range map[string]struct {
		got  []byte
		file string // empty: nothing
	}{
		"CA's key":                       {stacked.CA.Key, "ca.key"},
		"front proxy CA's key":           {stacked.FrontProxyCA.Key, "front-proxy-ca.key"},
		"etcd CA's key":                  {stacked.EtcdCA.Key, "etcd/ca.key"},
		"service account":                {stacked.SAKey, "sa.key"},
		"stacked: client of etcd":        {stacked.EtcdClient.Key, ""},
		"external: etcd CA's key":        {outside.EtcdCA.Key, ""},
		"external: etcd CA":              {outside.EtcdCA.Cert, "etcd/ca.crt"},
		"external: client of etcd":       {outside.EtcdClient.Key, "nodes/cp0/apiserver-etcd-client.key"},
		"worker with token: certificate": {withToken.Client.Cert, ""},
		"worker: key":                    {withCertificate.Client.Key, "nodes/w0/kubelet-client.key"},
		"worker: CA":                     {withCertificate.CACert, "ca.crt"},
		"etcd: CA":                       {member.CACert, "etcd/ca.crt"},
		"etcd: server":                   {member.Server.Key, "nodes/etcd0/etcd/server.key"},
		"etcd: peer":                     {member.Peer.Key, "nodes/etcd0/etcd/peer.key"},
		"load balancer: CA":              {b.LoadBalancer().CACert, "ca.crt"},
	} {
		if !bytes.Equal(test.got, f[test.file]) {
			t.Errorf("%s: is not %q", name, test.file)
		}
	}
	tokens := []string{stacked.BootstrapToken, withToken.BootstrapToken, withCertificate.BootstrapToken}
	if diff := cmp.Diff([]string{token, token, ""}, tokens); diff != "" {
		t.Error("the token is not where it should be")
	}
}

// Where no machine has an authority's key, a control plane has all of its own certificates, and a worker the one that kubelet also serves with.
func TestIssued(t *testing.T) {
	r := request("w0")
	r.Leaves = append(append(r.Leaves, issued("cp0", "10.0.0.7")...), issued("cp01", "10.0.0.8")...)
	r.Leaves = append(r.Leaves, kubelet("w1", "10.0.0.10"))
	f := complete(t, r)
	b := loaded(t, f, r, now)
	own := b.Issued("cp0")
	want := []string{"admin", "apiserver", "apiserver-etcd-client", "apiserver-kubelet-client", "controller-manager", "etcd/server", "front-proxy-client",
		"kube-vip", "kubelet", "scheduler", "super-admin"}
	if diff := cmp.Diff(want, slices.Sorted(maps.Keys(own.Leaves))); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	for name, test := range map[string]struct {
		got  []byte
		file string
	}{
		"API server":      {own.Leaves[APIServer].Key, "nodes/cp0/apiserver.key"},
		"CA":              {own.CACert, "ca.crt"},
		"front proxy CA":  {own.FrontProxyCACert, "front-proxy-ca.crt"},
		"etcd CA":         {own.EtcdCACert, "etcd/ca.crt"},
		"service account": {own.SAKey, "sa.key"},
		"worker":          {b.Worker("w1", false).Client.Key, "nodes/w1/kubelet.key"},
	} {
		if !bytes.Equal(test.got, f[test.file]) {
			t.Errorf("%s: is not %s", name, test.file)
		}
	}
	if diff := cmp.Diff(Window{now.Add(-day), now.Add(year)}, own.Window); diff != "" {
		t.Errorf("window (-want +got):\n%s", diff)
	}
}

// A document's window is from the latest beginning to the earliest end of its certificates.
func TestWindow(t *testing.T) {
	r := external("10.0.0.21")
	f := complete(t, r)
	f.remove("nodes/etcd0/etcd/peer.key", "nodes/etcd0/etcd/peer.crt", "nodes/cp0/apiserver-etcd-client.key", "nodes/cp0/apiserver-etcd-client.crt")
	b := finish(t, f, r, now.Add(2*day))
	for name, test := range map[string]struct{ got, want Window }{
		"control plane": {b.ControlPlane("cp0", false).Window, Window{now.Add(-day), now.Add(10 * year)}},
		"with client":   {b.ControlPlane("cp0", true).Window, Window{now.Add(day), now.Add(2*day + year)}},
		"etcd":          {b.EtcdMember("etcd0").Window, Window{now.Add(day), now.Add(year)}},
		"load balancer": {b.LoadBalancer().Window, Window{now.Add(-day), now.Add(10 * year)}},
	} {
		if diff := cmp.Diff(test.want, test.got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestSecretsPrintRedacted(t *testing.T) {
	r := request("w0")
	b := loaded(t, complete(t, r), r, now)
	ca := b.Pair(CA)
	k := Kubeconfig{Client: b.Pair(Admin), Token: b.token}
	values := []any{b, *b, ca, &ca, b.ControlPlane("cp0", false), b.Worker("w0", true), b.Worker("w0", false), b.Issued("cp0"), b.EtcdMember("etcd0"),
		k, []any{b.Pair(Admin)}, struct{ P Pair }{ca}}
	for _, value := range values {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
			if text := fmt.Sprintf(verb, value); !strings.Contains(text, "redacted") || len(text) > 100 {
				t.Errorf("%T under %s: %s", value, verb, text)
			}
		}
	}
}

// A command reads what it uses, and nothing else.
func TestLoadReadsOnlyWhatIsRequested(t *testing.T) {
	r := request("w0", "w1")
	f := complete(t, r)
	r.Authorities = []Authority{{Name: CA, CertOnly: true}}
	r.ServiceAccount, r.BootstrapToken, r.Leaves = false, false, r.Leaves[2:]
	var read []string
	b := Load(r, func(name string) ([]byte, error) {
		read = append(read, name)
		return f.read(name)
	})
	if err := b.Check(now); err != nil {
		t.Error(err)
	}
	if diff := cmp.Diff([]string{"ca.crt", "ca.next.crt", "ca.previous.crt", "nodes/w1/kubelet-client.crt", "nodes/w1/kubelet-client.key"}, read); diff != "" {
		t.Errorf("read (-want +got):\n%s", diff)
	}
}

// What cannot be read is not missing: another key in its place would be wrong.
func TestLoadReportsEverything(t *testing.T) {
	r := request("w0")
	f := complete(t, r)
	const (
		pemOf   = "-----BEGIN %s-----\nAAAA\n-----END %[1]s-----\n"
		restore = "; restore it, or move it away, then run kindling pki init"
		shared  = "; put the original back; only for a new cluster move the whole PKI away and run kindling pki init"
	)
	ca := f["ca.key"]
	maps := files{
		"ca.crt":                      append(bytes.Clone(f["ca.crt"]), ca...),
		"ca.key":                      ca[:120],
		"front-proxy-ca.crt":          f["front-proxy-ca.crt"][:200],
		"front-proxy-ca.key":          fmt.Appendf(nil, pemOf, "EC PRIVATE KEY"),
		"sa.key":                      f["sa.pub"],
		"sa.pub":                      f["sa.key"],
		"bootstrap-token":             []byte("\xff\x00"),
		"admin.crt":                   nil,
		"admin.key":                   nil,
		"nodes/w0/kubelet-client.crt": fmt.Appendf(nil, pemOf, "CERTIFICATE"),
		"nodes/w0/kubelet-client.key": nil,
	}
	unreadable := errors.New("permission denied")
	b := Load(r, func(name string) ([]byte, error) {
		if strings.HasPrefix(name, "etcd/") || name == "nodes/w0/kubelet-client.key" {
			return nil, &fs.PathError{Op: "open", Path: "/srv/pki/" + name, Err: unreadable}
		}
		return maps.read(name)
	})
	want := []string{
		"ca.crt: holds a private key, but this file is handed out; move the private key out of it",
		"ca.key: is damaged: a PEM block is incomplete" + shared,
		"front-proxy-ca.crt: is damaged: a PEM block is incomplete" + shared,
		"front-proxy-ca.key: holds a damaged private key" + shared,
		"etcd/ca.crt: cannot be read: permission denied; make it a readable file",
		"etcd/ca.key: cannot be read: permission denied; make it a readable file",
		"sa.key: holds no PEM private key, but a block PUBLIC KEY" + shared,
		"sa.pub: holds a private key, but this file is handed out; move the private key out of it",
		"bootstrap-token: is not of the form [a-z0-9]{6}.[a-z0-9]{16}" + restore,
		"admin.crt: holds no PEM certificate" + restore,
		"admin.key: holds no PEM private key" + restore,
		"nodes/w0/kubelet-client.crt: holds a damaged certificate: x509: malformed certificate" + restore,
		"nodes/w0/kubelet-client.key: cannot be read: permission denied; make it a readable file",
	}
	if diff := cmp.Diff(want, found(t, b.Check(now))); diff != "" {
		t.Errorf("problems (-want +got):\n%s", diff)
	}
	if err := b.Complete(now, maps.add); err == nil {
		t.Error("Complete makes something in the place of broken files")
	}
}

func TestTokenAsEditorsLeaveIt(t *testing.T) {
	r := request()
	f := complete(t, r)
	f["bootstrap-token"] = []byte("  abcdef.0123456789abcdef\r\n\n")
	if got := loaded(t, f, r, now).Worker("w0", true).BootstrapToken; got != "abcdef.0123456789abcdef" {
		t.Errorf("got %q", got)
	}
}

func TestCertificates(t *testing.T) {
	r := request("w1", "w0")
	f := complete(t, r)
	f["apiserver.crt"] = []byte("left alone")
	names := []string{"apiserver.crt", "nodes/w1/kubelet-client.crt", "nodes/w0/kubelet-client.crt", "admin.crt", "ca.crt", "ca.key", "etcd/ca.crt", "front-proxy-ca.crt"}
	list, err := Describe(names, f.read)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(list, loaded(t, f, r, now).Certificates()); diff != "" {
		t.Errorf("the bundle's are others (-all +bundle):\n%s", diff)
	}
	var lines []string
	for _, c := range list {
		lines = append(lines, fmt.Sprintf("%s %s %q %s %t", c.File, c.Subject, c.SANs, c.Algorithm, c.IsCA))
	}
	want := []string{
		`ca.crt CN=kubernetes ["kubernetes"] ECDSA-P256 true`,
		`front-proxy-ca.crt CN=front-proxy-ca ["front-proxy-ca"] ECDSA-P256 true`,
		`etcd/ca.crt CN=etcd-ca ["etcd-ca"] ECDSA-P256 true`,
		`admin.crt CN=kubernetes-admin,O=kubeadm:cluster-admins [] ECDSA-P256 false`,
		`nodes/w0/kubelet-client.crt CN=system:node:w0,O=system:nodes [] ECDSA-P256 false`,
		`nodes/w1/kubelet-client.crt CN=system:node:w1,O=system:nodes [] ECDSA-P256 false`,
	}
	if diff := cmp.Diff(want, lines); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	got, err := json.Marshal(list[0])
	if err != nil {
		t.Fatal(err)
	}
	wantJSON := `{"file":"ca.crt","subject":"CN=kubernetes","sans":["kubernetes"],"algorithm":"ECDSA-P256",` +
		`"notBefore":"2025-12-31T00:00:00Z","notAfter":"2035-12-30T00:00:00Z","isCA":true}`
	if diff := cmp.Diff(wantJSON, string(got)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}

	f["admin.crt"] = []byte("junk")
	list, err = Describe(names, f.read)
	if want := []string{"admin.crt: holds no PEM certificate; restore it, or move it away, then run kindling pki init"}; len(list) != 5 || cmp.Diff(want, found(t, err)) != "" {
		t.Errorf("with a broken one: %d certificates, %v", len(list), err)
	}
}

// FuzzParse: whatever a file holds, parsing ends without a panic, and no public file with a private key passes.
func FuzzParse(f *testing.F) {
	for _, data := range complete(f, request()) {
		f.Add(data)
	}
	f.Add([]byte("-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		_, keyErr := parseKey(data)
		_, certErr := parseCertificate(data)
		_, pubErr := parsePublicKeys(data)
		if keyErr == nil && (certErr == nil || pubErr == nil) {
			t.Error("a private key passes as public")
		}
		if certErr == nil && strings.Contains(string(data), "PRIVATE KEY") {
			t.Error("a certificate file with a private key passes")
		}
		parseToken(data)
	})
}

func TestTokenSecret(t *testing.T) {
	b := Load(Request{BootstrapToken: true}, files{"bootstrap-token": []byte("012345.0123456789abcdef\n")}.read)
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
