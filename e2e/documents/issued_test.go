package documents

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kindling/e2e/internal/firstboot"
	"kindling/e2e/internal/kindling"
	"kindling/e2e/internal/tree"
)

// checkIssued has kubeadm look at all certificates and kubeconfigs of a control plane without authorities' keys. It takes them as those of an
// external CA, and makes none. OpenSSL verifies each for what it is for.
func checkIssued(t *testing.T, m machine) {
	if _, issued := m.boot.Tree["/etc/kubernetes/pki/apiserver.crt"]; !issued {
		return
	}
	for name := range m.boot.Tree {
		if strings.HasSuffix(name, "ca.key") {
			t.Errorf("the machine has %s", name)
		}
	}
	sandbox := m.boot.With(t, kubeadmLayer(t, m.boot.Tree))
	if out, err := sandbox.Inside(context.Background(), writeKubeconfigs); err != nil {
		t.Fatalf("the step does not write kubeconfigs: %v\n%s", err, out)
	}
	before, err := tree.Written(sandbox.Written(), m.boot.Sandbox.Written())
	if err != nil {
		t.Fatal(err)
	}
	if out, err := sandbox.Inside(context.Background(), signScript); err != nil {
		t.Fatalf("kubeadm does not take the certificates: %v\n%s", err, out)
	}
	after, err := tree.Written(sandbox.Written(), m.boot.Sandbox.Written())
	if err != nil {
		t.Fatal(err)
	}
	for name, file := range after {
		if strings.HasPrefix(name, "/etc/kubernetes/") && before[name].Content != file.Content {
			t.Errorf("kubeadm made %s", name)
		}
	}
	_, stacked := m.boot.Tree["/etc/kubernetes/pki/etcd/server.crt"]
	kubeconfigs := strings.ReplaceAll(verifyScript(stacked, kubeconfigsOf(m.boot.Tree)), " kubelet.conf", " /run/kubelet.conf")
	if out, err := sandbox.Inside(context.Background(), embedKubelet+kubeconfigs); err != nil {
		t.Errorf("a certificate does not verify: %v\n%s", err, out)
	}
}

// writeKubeconfigs has the step do what it does before it calls kubeadm, which is not on its path.
const writeKubeconfigs = `
mkdir -p /opt/bin /run/kindling /var/lib/kindling
printf '#!/bin/sh\n' >/opt/bin/kubeadm
chmod +x /opt/bin/kubeadm
bash /etc/kindling/run.sh step certs
`

// embedKubelet makes kubelet.conf like the others: it names a file.
const embedKubelet = `
own=/var/lib/kubelet/pki/kubelet-client-current.pem
sed "s|client-certificate: .*|client-certificate-data: $(openssl x509 -in $own | base64 -w 0)|" /etc/kubernetes/kubelet.conf >/run/kubelet.conf
openssl verify -x509_strict -purpose sslserver -CAfile /etc/kubernetes/pki/ca.crt /var/lib/kubelet/pki/kubelet.crt
`

// TestIssuedForTheOldest has the oldest kubeadm look at them.
func TestIssuedForTheOldest(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(samples, "offline.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	spec := filepath.Join(t.TempDir(), "cluster.yaml")
	if err := os.WriteFile(spec, bytes.Replace(text, []byte("v1.37.2"), []byte("v1.28.15"), 1), 0o600); err != nil {
		t.Fatal(err)
	}
	documents, err := kindling.Generate(t, spec, rsaPKI)
	if err != nil {
		t.Fatal(err)
	}
	checkIssued(t, machine{documents, "cp0", kindling.Text, firstboot.Ignition(t, documents.Document(t, "cp0", kindling.Ignition, kindling.Text))})
}
