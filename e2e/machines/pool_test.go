package machines

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/pem"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kindling/e2e/internal/kindling"
)

// TestPools boots workers of each identity with keys that are eleven months old, and boots them again with empty disks while
// their Nodes are Ready. At the end the pool's token expires.
func TestPools(t *testing.T) {
	t.Parallel()
	old, err := kindling.GenerateAhead(t, "testdata/pools.yaml", -335*24*time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	c := newCluster(t, generateWith(t, "pools.yaml", old.PKI()), nil)
	c.Boot(c.names("")...)
	c.checkCluster()
	if got := c.admin.mustKubectl("get", "nodes", "--selector=example.com/pool=pool", "--output=name"); got != "node/pool-0\nnode/pool-1\n" {
		t.Errorf("the pool has the Nodes %q", got)
	}
	c.checkTokenIsUnseen()
	c.checkSecretPlaces()
	c.checkWorkload()
	c.checkIdentity("w0", "pool-0")

	again := []string{"w0", "pool-0"}
	c.wipe(again...)
	began := time.Now()
	c.Boot(again...)
	for _, name := range again {
		c.Eventually(name+" waits for the end of its old Node", func() (string, bool) {
			c.renewLeases(again...)
			said := c.Said(name)
			return lastLine(said), strings.Contains(said, "join: waiting: Node "+name+" is still Ready")
		})
	}
	c.waitUntilDone(again...)
	// Most of it is the time that the cluster takes to notice (kube-controller-manager's node-monitor-grace-period, 50 s).
	t.Logf("wiped workers joined again after %.1f s", time.Since(began).Seconds())
	c.checkCluster()

	token := strings.TrimSpace(c.admin.mustKubectl("--namespace=kube-system", "get", "secrets", "--field-selector=type=bootstrap.kubernetes.io/token", "--output=name"))
	c.admin.mustKubectl("--namespace=kube-system", "patch", token, `--patch={"stringData": {"expiration": "2020-01-01T00:00:00Z"}}`)
	c.waitForRefusal(strings.TrimSpace(readFile(t, filepath.Join(c.documents.PKI(), "bootstrap-token"))))
	c.admin.mustKubectl("delete", "node", "pool-1")
	c.wipe("pool-1")
	c.Boot("pool-1")
	c.waitForLine("pool-1", "join: waiting: the bootstrap token has expired: run kindling token | kubectl apply -f -")
	secret := filepath.Join(t.TempDir(), "secret.yaml")
	if err := os.WriteFile(secret, c.documents.Token(t), 0o600); err != nil {
		t.Fatal(err)
	}
	c.admin.mustKubectl("apply", "--filename="+secret)
	c.checkCluster()
	c.checkTokenIsUnseen()
}

// renewLeases keeps Nodes Ready whose machines are off, so that a slow computer has the time to boot them.
func (c *cluster) renewLeases(names ...string) {
	c.t.Helper()
	c.admin.mustKubectl(append([]string{"--namespace=kube-node-lease", "patch", "lease",
		"--type=merge", `--patch={"spec": {"renewTime": "` + time.Now().UTC().Format("2006-01-02T15:04:05.000000Z") + `"}}`}, names...)...)
}

// checkIdentity checks that a worker's own certificate is of no use for another worker.
func (c *cluster) checkIdentity(name, other string) {
	c.t.Helper()
	c.admin.mustKubectl("create", "secret", "generic", "treasure", "--from-literal=gold=much")
	kubectl := func(args ...string) (string, error) {
		return c.Exec(name, append([]string{"kubectl", "--kubeconfig=/etc/kindling/discovery.conf"}, args...)...)
	}
	if out, err := kubectl("get", "node", name); err != nil {
		c.t.Errorf("%s cannot read its own Node: %v\n%s", name, err, out)
	}
	c.checkOwnCertificate(name)
	c.checkNotCertifiedAs(other, kubectl)
	for _, forbidden := range []string{
		"get node " + other,
		"label node " + other + " example.com/taken=yes",
		"annotate node " + other + " example.com/taken=yes",
		"delete node " + other,
		"get secrets --all-namespaces",
		"get secret treasure",
		"--namespace=kube-system get secrets",
		"create clusterrolebinding taken --clusterrole=cluster-admin --user=system:node:" + name,
	} {
		if out, err := kubectl(strings.Fields(forbidden)...); err == nil || !strings.Contains(out, "orbidden") {
			c.t.Errorf("%s may: kubectl %s: %v\n%s", name, forbidden, err, out)
		}
	}
}

// checkOwnCertificate checks that kubelet has a certificate from the cluster in place of the document's, which expires soon.
func (c *cluster) checkOwnCertificate(name string) {
	c.t.Helper()
	for file, longer := range map[string]bool{"/etc/kindling/pki/kubelet-client.crt": false, "/var/lib/kubelet/pki/kubelet-client-current.pem": true} {
		block, _ := pem.Decode([]byte(c.run(name, "cat", file)))
		certificate, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			c.t.Fatalf("%s: %v", file, err)
		}
		left := time.Until(certificate.NotAfter)
		if certificate.Subject.CommonName != "system:node:"+name || left > 90*24*time.Hour != longer {
			c.t.Errorf("%s of %s is for %s, for %s more", file, name, certificate.Subject, left)
		}
	}
}

// checkNotCertifiedAs checks that a worker cannot get a certificate in the name of another one.
func (c *cluster) checkNotCertifiedAs(other string, kubectl func(...string) (string, error)) {
	c.t.Helper()
	c.Put("w0", "/root/taken.yaml", c.certificateRequest("taken", other))
	if out, err := kubectl("create", "--filename=/root/taken.yaml"); err != nil {
		c.t.Logf("the API server rejects the request: %s", out)
		return
	}
	time.Sleep(10 * time.Second) // far longer than the controllers take to approve and sign a request
	if status := c.admin.mustKubectl("get", "csr", "taken", "--output=jsonpath={.status}"); status != "{}" {
		c.t.Errorf("a certificate for %s: %s", other, status)
	}
}

// certificateRequest is the manifest of a request for a Node's certificate.
func (c *cluster) certificateRequest(name, node string) []byte {
	c.t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		c.t.Fatal(err)
	}
	request, err := x509.CreateCertificateRequest(rand.Reader, &x509.CertificateRequest{
		Subject: pkix.Name{CommonName: "system:node:" + node, Organization: []string{"system:nodes"}},
	}, key)
	if err != nil {
		c.t.Fatal(err)
	}
	return []byte("apiVersion: certificates.k8s.io/v1\nkind: CertificateSigningRequest\nmetadata: {name: " + name + "}\nspec:\n" +
		"  signerName: kubernetes.io/kube-apiserver-client-kubelet\n  usages: [digital signature, client auth]\n  request: " +
		base64.StdEncoding.EncodeToString(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE REQUEST", Bytes: request})) + "\n")
}
