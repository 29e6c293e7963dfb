package documents

import (
	"context"
	"fmt"
	"maps"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"kindling/e2e/internal/build"
	"kindling/e2e/internal/firstboot"
	"kindling/e2e/internal/kindling"
	"kindling/e2e/internal/tree"

	"golang.org/x/mod/semver"
)

const initConfig = "/etc/kindling/kubeadm/init.yaml"

func TestKubeadmAcceptsEveryConfig(t *testing.T) {
	eachNode(t, func(t *testing.T, documents kindling.Documents, node string) {
		boot := firstboot.Ignition(t, documents.Document(t, node, kindling.Ignition))
		configs := matching(boot.Tree, "/etc/kindling/kubeadm/*.yaml")
		if _, ok := boot.Tree[haproxyConfig]; len(configs) == 0 && !ok {
			t.Error("it has no config for kubeadm")
		}
		for _, config := range configs {
			out, err := boot.With(t, kubeadmLayer(t, boot.Tree)).Inside(context.Background(), "/kubeadm config validate --config "+config)
			if err != nil || string(out) != "ok\n" {
				t.Errorf("%s: %v\n%s", config, err, out)
			}
		}
	})
}

func TestKubeadmSignsWithTheDocumentsCAs(t *testing.T) {
	eachNode(t, func(t *testing.T, documents kindling.Documents, node string) {
		boot := firstboot.Ignition(t, documents.Document(t, node, kindling.Ignition))
		if _, ok := boot.Tree["/etc/kubernetes/pki/ca.key"]; !ok {
			return // it signs nothing
		}
		_, stacked := boot.Tree["/etc/kubernetes/pki/etcd/ca.key"]
		machine := boot.With(t, kubeadmLayer(t, boot.Tree))
		if _, err := machine.Inside(context.Background(), signScript); err != nil {
			t.Fatalf("kubeadm cannot sign: %v", err)
		}
		made, err := tree.Written(machine.Written(), boot.Sandbox.Written())
		if err != nil {
			t.Fatal(err)
		}
		for name := range made {
			if _, ok := boot.Tree[name]; ok {
				t.Errorf("kubeadm changed %s", name)
			}
		}
		checkAllAreVerified(t, made, kubeconfigsOf(boot.Tree))
		if _, err := machine.Inside(context.Background(), verifyScript(stacked, kubeconfigsOf(boot.Tree))); err != nil {
			t.Errorf("a certificate does not verify: %v", err)
		}
	})
}

const signScript = `
/kubeadm init phase certs all --config ` + initConfig + `
/kubeadm init phase kubeconfig all --config ` + initConfig

// certificates are all that kubeadm makes on a control plane with etcd, by the CA that signs them and what they are for.
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

// kubeconfigsOf are those that kubeadm makes, each with a client certificate inside.
func kubeconfigsOf(written tree.Tree) []string {
	names := []string{"admin", "kubelet", "controller-manager", "scheduler"}
	if semver.Compare(versionOf(written), "v1.29.0") >= 0 {
		names = append(names, "super-admin")
	}
	return names
}

// verifyScript asks OpenSSL for its opinion of each certificate, and of the kubeconfigs' idea of who is the CA.
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

// checkAllAreVerified holds that the tables above name every certificate that kubeadm has made.
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

// kubeadmLayer is a directory with kubeadm at its top, of the version that the document is for.
func kubeadmLayer(t *testing.T, written tree.Tree) string {
	t.Helper()
	version := versionOf(written)
	if version == "" {
		t.Fatal("node.env does not say which version of Kubernetes the document is for")
	}
	kubeadm, err := build.Kubeadm(version).Path()
	if err != nil {
		t.Fatal(err)
	}
	return filepath.Dir(kubeadm)
}

func versionOf(written tree.Tree) string {
	found := kubernetesVersion.FindStringSubmatch(written["/etc/kindling/node.env"].Content)
	if found == nil {
		return ""
	}
	return found[1]
}

var kubernetesVersion = regexp.MustCompile(`(?m)^KUBERNETES_VERSION=(\S+)$`)

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
