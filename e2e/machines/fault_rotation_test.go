package machines

import (
	"crypto/tls"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestFaultRotation puts new authorities and a new service account key in the place of old ones, in three stages, while clients write and
// read. In each stage every machine boots with its new document and an empty disk. What the old ones have signed counts until they are
// dropped, and then no longer.
func TestFaultRotation(t *testing.T) {
	c := newCluster(t, generate(t, "stacked.yaml"), nil)
	c.Boot(c.names("")...)
	c.checkCluster()
	c.checkWorkload()
	old := c.remember()

	var gaps []string
	for _, stage := range []struct {
		name string
		want accepted
	}{
		{"trust", accepted{token: true, admin: true}},
		{"sign", accepted{token: true, admin: true}},
		{"drop", accepted{}},
	} {
		c.documents = c.documents.Rotated(t, stage.name)
		c.admin = newAdmin(c)
		history := c.replaceUnderLoad()
		gaps = append(gaps, stage.name+": "+history.Summary())
		c.checkWorkload()
		c.checkSigned(stage.name)
		for _, name := range c.names("control-plane") {
			if diff := cmp.Diff(stage.want, old.accepted(c, name), cmp.AllowUnexported(accepted{})); diff != "" {
				t.Errorf("after the stage %s, %s takes something else (-want +got):\n%s", stage.name, name, diff)
			}
		}
	}
	for _, name := range c.names("") {
		if found, err := c.Exec(name, "grep", "--recursive", "--files-with-matches", old.authority, "/etc"); err == nil {
			t.Errorf("%s still has the old authority in %s", name, found)
		}
	}
	c.checkAggregated(old.authority)
	t.Attr("outcome", strings.Join(gaps, "; "))
}

// remembered is what a cluster has signed before a rotation.
type remembered struct {
	authority string // a line of the CA's certificate
	token     string
	admin     tls.Certificate
}

// accepted is what of it an API server takes.
type accepted struct{ token, admin bool }

func (c *cluster) remember() remembered {
	c.t.Helper()
	admin, err := tls.LoadX509KeyPair(filepath.Join(c.documents.PKI(), "admin.crt"), filepath.Join(c.documents.PKI(), "admin.key"))
	if err != nil {
		c.t.Fatal(err)
	}
	ca, err := os.ReadFile(filepath.Join(c.documents.PKI(), "ca.crt"))
	if err != nil {
		c.t.Fatal(err)
	}
	return remembered{
		authority: strings.Split(string(ca), "\n")[4],
		token:     strings.TrimSpace(c.admin.mustKubectl("create", "token", "default", "--duration=24h")),
		admin:     admin,
	}
}

func (r remembered) accepted(c *cluster, name string) accepted {
	c.t.Helper()
	known := func(certificate *tls.Certificate, headers ...string) bool {
		status, err := c.ask(name+":6443/api/v1/nodes", certificate, headers...)
		if err != nil {
			c.t.Fatal(err)
		}
		return status != http.StatusUnauthorized
	}
	return accepted{token: known(nil, "Authorization: Bearer "+r.token), admin: known(&r.admin)}
}

// checkSigned checks that all API servers, etcd members and workers have certificates of the authority that signs now. In the stage sign,
// kubelet of a control plane that is not the last one to boot may have asked a controller manager of the stage before; it asks its own API
// server alone, which trusts both.
func (c *cluster) checkSigned(stage string) {
	c.t.Helper()
	for _, name := range c.names("control-plane") {
		c.run(name, "bash", "-c", "cd /etc/kubernetes/pki && first() { openssl x509 -in $1; } && openssl verify -CAfile <(first ca.crt) apiserver.crt && "+
			"openssl verify -CAfile <(first etcd/ca.crt) etcd/server.crt etcd/peer.crt apiserver-etcd-client.crt && openssl verify -CAfile <(first front-proxy-ca.crt) front-proxy-client.crt")
		if server := c.run(name, "kubectl", "--kubeconfig=/etc/kubernetes/kubelet.conf", "config", "view", "--output=jsonpath={.clusters[0].cluster.server}"); server != "https://"+c.node(name).Address+":6443" {
			c.t.Errorf("kubelet of %s asks %s", name, server)
		}
	}
	for _, name := range c.names("") {
		if stage != "sign" || c.node(name).Role != "control-plane" {
			c.run(name, "bash", "-c", "openssl verify -CAfile <(openssl x509 -in /etc/kubernetes/pki/ca.crt) /var/lib/kubelet/pki/kubelet-client-current.pem")
		}
	}
}

// checkAggregated checks that the ConfigMap that aggregated API servers read has lost the old authority once it has been deleted.
func (c *cluster) checkAggregated(authority string) {
	c.t.Helper()
	question := []string{"--namespace=kube-system", "get", "configmap", "extension-apiserver-authentication", "--output=yaml"}
	if kept := c.admin.mustKubectl(question...); !strings.Contains(kept, authority) {
		c.t.Log("API servers have forgotten the old authority by themselves")
	}
	c.admin.mustKubectl("--namespace=kube-system", "delete", "configmap", "extension-apiserver-authentication")
	c.Eventually("API servers have made the ConfigMap of the authorities again", func() (string, bool) {
		out, err := c.admin.kubectl(question...)
		return fmt.Sprint(out, err), err == nil && strings.Contains(out, "client-ca-file") && strings.Contains(out, "requestheader-client-ca-file") && !strings.Contains(out, authority)
	})
}
