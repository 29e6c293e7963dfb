package machines

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestFaultStolenToken(t *testing.T) { testStolenToken(t, "pools.yaml") }

func TestFaultStolenToken129(t *testing.T) { testStolenToken(t, "pools-v1.29.yaml") }

// testStolenToken asks for the certificates of several Nodes with a bootstrap token, as a thief would, and then for those of twenty
// machines of a pool at once. docs/security.md ends it: the pool has another token.
func testStolenToken(t *testing.T, spec string) {
	c := newCluster(t, generate(t, spec), nil)
	c.Boot(c.names("")...)
	c.checkCluster()

	for _, node := range []string{"cp0", "w0", "w9", "pool-0"} {
		c.askByToken(c.certificateRequest("stolen-"+node, node))
		c.decided("Denied", "stolen-"+node)
		c.waitForLine("cp0", "approve: refused a bootstrap token: subject=CN=system:node:"+node+",O=system:nodes is no free name of a pool")
	}
	c.askByToken(c.certificateRequest("free", "pool-9"))
	c.decided("Approved", "free")

	var names []string
	var all [][]byte
	for i := range 20 {
		names = append(names, fmt.Sprintf("group-%d", i))
		all = append(all, c.certificateRequest(names[i], fmt.Sprintf("pool-1%02d", i)))
	}
	began := time.Now()
	c.askByToken(bytes.Join(all, []byte("---\n")))
	c.decided("Approved", names...)
	took := time.Since(began)

	c.checkAnotherToken()
	t.Attr("outcome", fmt.Sprintf("refused for machines with documents of their own, for a Ready machine of the pool, and for a name that no pool has; 20 machines of a pool granted in %.0f s; another token: the stolen one is of no use", took.Seconds()))
}

// checkAnotherToken puts another token in the place of the stolen one, with which a machine of the pool then joins.
func (c *cluster) checkAnotherToken() {
	c.t.Helper()
	stolen := strings.TrimSpace(readFile(c.t, filepath.Join(c.documents.PKI(), "bootstrap-token")))
	secrets := filepath.Join(c.t.TempDir(), "secrets.yaml")
	if err := os.WriteFile(secrets, c.documents.NewToken(c.t), 0o600); err != nil {
		c.t.Fatal(err)
	}
	c.admin.mustKubectl("apply", "--filename="+secrets)
	c.waitForRefusal(stolen)

	c.admin.mustKubectl("delete", "node", "pool-1")
	c.PowerOff("pool-1")
	c.Replace(c.machine(c.node("pool-1")))
	c.Boot("pool-1")
	c.checkCluster()
}

// waitForRefusal waits until the API server refuses a token. It remembers for ten seconds that it has accepted one.
func (c *cluster) waitForRefusal(token string) {
	c.t.Helper()
	c.Put("pool-0", "/root/token", []byte("header = \"Authorization: Bearer "+token+"\"\n"))
	c.Eventually("the API server refuses the token", func() (string, bool) {
		out, err := c.Exec("pool-0", "curl", "-ksS", "-K", "/root/token", "-o", "/dev/null", "-w", "%{http_code}", "https://10.0.0.7:6443/api/v1/nodes/pool-0")
		return fmt.Sprint(out, err), err == nil && out == "401"
	})
}

// askByToken creates requests for certificates, from w0, with the bootstrap token.
func (c *cluster) askByToken(requests []byte) {
	c.t.Helper()
	c.Put("w0", "/root/requests.yaml", requests)
	token := strings.TrimSpace(readFile(c.t, filepath.Join(c.documents.PKI(), "bootstrap-token")))
	c.run("w0", "kubectl", "--server=https://10.0.0.7:6443", "--certificate-authority=/etc/kubernetes/pki/ca.crt", "--token="+token, "create", "--filename=/root/requests.yaml")
}

// decided waits until all of these requests have been decided, and checks how.
func (c *cluster) decided(want string, names ...string) {
	c.t.Helper()
	c.Eventually(fmt.Sprintf("%d requests, %s and others, are decided", len(names), names[0]), func() (string, bool) {
		got, err := c.admin.kubectl(append([]string{"get", "csr", "--no-headers", "--output=custom-columns=:.status.conditions[0].type"}, names...)...)
		return fmt.Sprint(got, err), strings.Count(got, want) == len(names)
	})
}
