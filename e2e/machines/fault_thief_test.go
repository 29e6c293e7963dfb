package machines

import (
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kindling/e2e/internal/document"
)

// TestFaultThieves gives the documents of a control plane and a worker to thieves, in a cluster in which no machine has a CA's key. What is
// in them is good until docs/security.md has been followed to its end, and then for nothing.
func TestFaultThieves(t *testing.T) {
	c := newCluster(t, generate(t, "thieves.yaml"), nil)
	controlPlane, worker := c.steal("cp1"), c.steal("w0")
	c.Boot(c.names("")...)
	c.checkCluster()
	for file := range controlPlane.files {
		if strings.HasSuffix(file, "ca.key") {
			t.Errorf("the document of cp1 has %s", file)
		}
	}
	uid := c.admin.mustKubectl("--namespace=kube-system", "get", "serviceaccount", "generic-garbage-collector", "--output=jsonpath={.metadata.uid}")
	doors := map[string]func() int{
		"control plane's: super-admin reads Secrets":          controlPlane.door("cp0:6443/api/v1/secrets", "/etc/kindling/pki/super-admin"),
		"control plane's: admin reads Secrets":                controlPlane.door("cp2:6443/api/v1/secrets", "/etc/kindling/pki/admin"),
		"control plane's: the controller manager reads Nodes": controlPlane.door("cp0:6443/api/v1/nodes", "/etc/kindling/pki/controller-manager"),
		"control plane's: the scheduler reads Nodes":          controlPlane.door("cp0:6443/api/v1/nodes", "/etc/kindling/pki/scheduler"),
		"control plane's: its kubelet reads its Node":         controlPlane.door("cp2:6443/api/v1/nodes/cp1", "/etc/kindling/pki/kubelet-client"),
		"control plane's: front proxy, in anybody's name": controlPlane.door("cp2:6443/api/v1/secrets", "/etc/kubernetes/pki/front-proxy-client",
			"X-Remote-User: thief", "X-Remote-Group: system:masters"),
		"control plane's: a service account's token, forged": controlPlane.door("cp0:6443/api/v1/pods", "",
			"Authorization: Bearer "+controlPlane.forge("generic-garbage-collector", uid)),
		"control plane's: etcd":          controlPlane.door("cp0:2379/version", "/etc/kubernetes/pki/apiserver-etcd-client"),
		"control plane's: etcd's member": controlPlane.door("cp2:2379/version", "/etc/kubernetes/pki/etcd/peer"),
		"control plane's: kubelets":      controlPlane.door("w0:10250/pods", "/etc/kubernetes/pki/apiserver-kubelet-client"),
		"worker's: its Node":             worker.door("cp0:6443/api/v1/nodes/w0", "/etc/kindling/pki/kubelet-client"),
		"worker's: another Node":         worker.door("cp0:6443/api/v1/nodes/cp0", "/etc/kindling/pki/kubelet-client"),
		"worker's: Secrets":              worker.door("cp0:6443/api/v1/secrets", "/etc/kindling/pki/kubelet-client"),
		"worker's: another kubelet":      worker.door("cp1:10250/pods", "/etc/kindling/pki/kubelet-client"),
		"worker's: etcd":                 worker.door("cp0:2379/version", "/etc/kindling/pki/kubelet-client"),
	}
	open, shut := map[string]bool{}, map[string]bool{}
	for name := range doors {
		open[name], shut[name] = true, false
	}
	for _, closed := range []string{"another Node", "Secrets", "another kubelet", "etcd"} {
		open["worker's: "+closed] = false
	}
	check := func(when string, want map[string]bool) {
		t.Helper()
		got := map[string]bool{}
		for name, door := range doors {
			got[name] = door() == http.StatusOK
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s, thieves can do something else (-want +got):\n%s", when, diff)
		}
	}
	check("at first", open)
	for _, stage := range []string{"trust", "sign", "drop"} {
		c.documents = c.documents.Rotated(t, stage)
		c.admin = newAdmin(c)
		for _, name := range c.names("") {
			c.PowerOff(name)
			c.Replace(c.machine(c.node(name)))
			c.Boot(name)
			c.checkCluster()
		}
		if stage != "drop" {
			check("after the stage "+stage, open)
		}
	}
	check("in the end", shut)
	c.checkWorkload()
}

// thief is somebody who has read a machine's document.
type thief struct {
	c     *cluster
	files map[string][]byte
}

func (c *cluster) steal(name string) thief {
	c.t.Helper()
	m := c.machine(c.node(name))
	stolen := m.Ignition
	if stolen == nil {
		stolen = m.Seed["user-data"]
	}
	files, err := document.Files(stolen)
	if err != nil {
		c.t.Fatal(err)
	}
	t := thief{c, map[string][]byte{}}
	for _, file := range files {
		t.files[file.Path] = file.Content
	}
	return t
}

// door asks a machine with a certificate of the document's, if one is named, and returns the status of the answer, or 0.
func (t thief) door(where, pair string, headers ...string) func() int {
	t.c.t.Helper()
	var own *tls.Certificate
	if pair != "" {
		certificate, err := tls.X509KeyPair(t.files[pair+".crt"], t.files[pair+".key"])
		if err != nil {
			t.c.t.Fatalf("%s: %v", pair, err)
		}
		own = &certificate
	}
	return func() int {
		status, err := t.c.ask(where, own, headers...)
		if err != nil {
			t.c.t.Logf("%s: %v", where, err)
		}
		return status
	}
}

// forge signs a token for a service account of kube-system with the key of the document's.
func (t thief) forge(account, uid string) string {
	t.c.t.Helper()
	block, _ := pem.Decode(t.files["/etc/kubernetes/pki/sa.key"])
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		if key, err = x509.ParseECPrivateKey(block.Bytes); err != nil {
			t.c.t.Fatal(err)
		}
	}
	const issuer = "https://kubernetes.default.svc.cluster.local"
	now := time.Now()
	part := func(value any) string {
		text, err := json.Marshal(value)
		if err != nil {
			t.c.t.Fatal(err)
		}
		return base64.RawURLEncoding.EncodeToString(text)
	}
	signed := part(map[string]any{"alg": "ES256"}) + "." + part(map[string]any{
		"iss": issuer, "aud": []string{issuer}, "sub": "system:serviceaccount:kube-system:" + account,
		"iat": now.Unix(), "nbf": now.Add(-time.Minute).Unix(), "exp": now.Add(24 * time.Hour).Unix(),
		"kubernetes.io": map[string]any{"namespace": "kube-system", "serviceaccount": map[string]any{"name": account, "uid": uid}},
	})
	sum := sha256.Sum256([]byte(signed))
	r, s, err := ecdsa.Sign(rand.Reader, key.(*ecdsa.PrivateKey), sum[:])
	if err != nil {
		t.c.t.Fatal(err)
	}
	return signed + "." + base64.RawURLEncoding.EncodeToString(append(r.FillBytes(make([]byte, 32)), s.FillBytes(make([]byte, 32))...))
}
