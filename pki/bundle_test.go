package pki

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestWorker(t *testing.T) {
	b := complete(t, request("w0"))
	want := WorkerCredentials{CACert: b.CA.Cert, BootstrapToken: b.BootstrapToken}
	if diff := cmp.Diff(want, b.Worker("w0", true)); diff != "" {
		t.Error("the token worker carries something else")
	}
	want = WorkerCredentials{CACert: b.CA.Cert, Client: b.Nodes["w0/kubelet-client"]}
	if diff := cmp.Diff(want, b.Worker("w0", false)); diff != "" {
		t.Error("the worker with a certificate carries something else")
	}
}

func TestSecretsPrintRedacted(t *testing.T) {
	b := complete(t, request("w0"))
	k := Kubeconfig{Client: b.Admin, Token: b.BootstrapToken}
	values := []any{b, *b, b.CA, &b.CA, b.Nodes, b.Worker("w0", true), b.Worker("w0", false), k, []any{b.Admin}, struct{ P Pair }{b.CA}}
	for _, value := range values {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
			if text := fmt.Sprintf(verb, value); !strings.Contains(text, "redacted") || len(text) > 100 {
				t.Errorf("%T under %s: %s", value, verb, text)
			}
		}
	}
}

func TestCertificates(t *testing.T) {
	b := complete(t, request("w1", "w0"))
	list := b.Certificates()
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
}

func TestWindow(t *testing.T) {
	b := complete(t, request())
	b.Admin = Pair{}
	if _, err := b.Complete(request(), now.Add(2*day)); err != nil {
		t.Fatal(err)
	}
	from, to, err := Window(b.CA.Cert, b.Admin.Cert)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]time.Time{now.Add(day), now.Add(2*day + year)}, []time.Time{from, to}); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for _, certs := range [][][]byte{nil, {nil}, {b.CA.Cert, b.CA.Key}} {
		if _, _, err := Window(certs...); err == nil {
			t.Errorf("%d files that are no certificates pass", len(certs))
		}
	}
}
