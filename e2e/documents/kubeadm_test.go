package documents

import (
	"context"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"maps"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"kindling/e2e/internal/build"
	"kindling/e2e/internal/tree"

	"golang.org/x/mod/semver"
)

const initConfig = "/etc/kindling/kubeadm/init.yaml"

func checkKubeadmConfigs(t *testing.T, m machine) {
	configs := matching(m.boot.Tree, "/etc/kindling/kubeadm/*.yaml")
	if len(configs) == 0 {
		if _, ok := m.boot.Tree[haproxyConfig]; !ok {
			t.Error("the machine has no config for kubeadm")
		}
		return
	}
	sandbox := m.boot.With(t, kubeadmLayer(t, m.boot.Tree))
	for _, config := range configs {
		out, err := sandbox.Inside(context.Background(), "/kubeadm config validate --config "+config)
		if err != nil || string(out) != "ok\n" {
			t.Errorf("%s: %v\n%s", config, err, out)
		}
	}
}

// signers are the kinds of machines of which one has already signed. What kubeadm signs depends on its version, the
// topology, the keys and the families of the addresses, but not on names and addresses: the other machines of a kind would
// sign the same.
var signers sync.Map

func kindOfSigner(t *testing.T, written tree.Tree) string {
	t.Helper()
	block, _ := pem.Decode([]byte(written["/etc/kubernetes/pki/ca.crt"].Content))
	if block == nil {
		t.Fatal("ca.crt is not PEM")
	}
	ca, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	_, stacked := written["/etc/kubernetes/pki/etcd/ca.key"]
	addresses := value(written, "NODE_IP")
	return fmt.Sprint(value(written, "KUBERNETES_VERSION"), stacked, ca.SignatureAlgorithm, strings.Contains(addresses, "."), strings.Contains(addresses, ":"))
}

// checkSigning has kubeadm make all certificates and kubeconfigs, on one machine of each kind, and OpenSSL verify them.
func checkSigning(t *testing.T, m machine) {
	if _, ok := m.boot.Tree["/etc/kubernetes/pki/ca.key"]; !ok {
		return // it signs nothing
	}
	if _, signed := signers.LoadOrStore(kindOfSigner(t, m.boot.Tree), true); signed {
		return
	}
	_, stacked := m.boot.Tree["/etc/kubernetes/pki/etcd/ca.key"]
	sandbox := m.boot.With(t, kubeadmLayer(t, m.boot.Tree))
	if _, err := sandbox.Inside(context.Background(), signScript); err != nil {
		t.Fatalf("kubeadm cannot sign: %v", err)
	}
	made, err := tree.Written(sandbox.Written(), m.boot.Sandbox.Written())
	if err != nil {
		t.Fatal(err)
	}
	for name := range made {
		if _, ok := m.boot.Tree[name]; ok {
			t.Errorf("kubeadm changed %s", name)
		}
	}
	checkAllAreVerified(t, made, kubeconfigsOf(m.boot.Tree))
	if _, err := sandbox.Inside(context.Background(), verifyScript(stacked, kubeconfigsOf(m.boot.Tree))); err != nil {
		t.Errorf("a certificate does not verify: %v", err)
	}
}

const signScript = `
/kubeadm init phase certs all --config ` + initConfig + `
/kubeadm init phase kubeconfig all --config ` + initConfig

// certificates lists all that kubeadm makes on a control plane with etcd, by the CA that signs them and what they are for.
var certificates = []struct {
	ca, purpose string
	names       []string
}{
	{"ca", "sslserver", []string{"apiserver"}},
	{"ca", "sslclient", []string{"apiserver-kubelet-client"}},
	{"front-proxy-ca", "sslclient", []string{"front-proxy-client"}},
	{"etcd/ca", "sslserver", []string{"etcd/server", "etcd/peer"}},
	{"etcd/ca", "sslclient", []string{"etcd/server", "etcd/peer", "etcd/healthcheck-client", "apiserver-etcd-client"}},
}

// kubeconfigsOf returns the kubeconfigs that kubeadm makes, each with a client certificate inside.
func kubeconfigsOf(written tree.Tree) []string {
	names := []string{"admin", "kubelet", "controller-manager", "scheduler"}
	if semver.Compare(value(written, "KUBERNETES_VERSION"), "v1.29.0") >= 0 {
		names = append(names, "super-admin")
	}
	return names
}

// verifyScript returns a script in which OpenSSL verifies each certificate. It also compares the kubeconfigs' CA with the
// cluster's.
func verifyScript(stacked bool, kubeconfigs []string) string {
	script := new(strings.Builder)
	script.WriteString("cd /etc/kubernetes\n")
	for _, c := range certificates {
		if c.ca == "etcd/ca" && !stacked {
			continue // the document has them
		}
		for _, name := range c.names {
			fmt.Fprintf(script, "openssl verify -x509_strict -purpose %s -CAfile pki/%s.crt pki/%s.crt\n", c.purpose, c.ca, name)
		}
	}
	for _, name := range kubeconfigs {
		fmt.Fprintf(script, "sed -n 's/ *client-certificate-data: //p' %s.conf | base64 -d >/run/%[1]s.crt\n", name)
		fmt.Fprintf(script, "openssl verify -x509_strict -purpose sslclient -CAfile pki/ca.crt /run/%s.crt\n", name)
		fmt.Fprintf(script, "sed -n 's/ *certificate-authority-data: //p' %s.conf | base64 -d | cmp - pki/ca.crt\n", name)
	}
	return script.String()
}

// checkAllAreVerified checks that the tables above name every certificate that kubeadm has made.
func checkAllAreVerified(t *testing.T, made tree.Tree, kubeconfigs []string) {
	t.Helper()
	var verified []string
	for _, c := range certificates {
		for _, name := range c.names {
			verified = append(verified, "/etc/kubernetes/pki/"+name+".crt")
		}
	}
	for _, name := range kubeconfigs {
		verified = append(verified, "/etc/kubernetes/"+name+".conf")
	}
	for name := range made {
		if ext := path.Ext(name); (ext == ".crt" || ext == ".conf") && !slices.Contains(verified, name) {
			t.Errorf("nothing verifies %s", name)
		}
	}
}

// kubeadmLayer returns a directory with kubeadm, in the version that the document is for.
func kubeadmLayer(t *testing.T, written tree.Tree) string {
	t.Helper()
	version := value(written, "KUBERNETES_VERSION")
	if version == "" {
		t.Fatal("node.env does not say which version of Kubernetes the document is for")
	}
	kubeadm, err := build.Kubeadm(version).Path()
	if err != nil {
		t.Fatal(err)
	}
	return filepath.Dir(kubeadm)
}

// value returns the value of a variable in node.env.
func value(written tree.Tree, name string) string {
	for line := range strings.Lines(written["/etc/kindling/node.env"].Content) {
		if value, ok := strings.CutPrefix(strings.TrimSpace(line), name+"="); ok {
			return value
		}
	}
	return ""
}

func matching(written tree.Tree, pattern string) []string {
	var names []string
	for name := range maps.Keys(written) {
		if ok, _ := path.Match(pattern, name); ok {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}
