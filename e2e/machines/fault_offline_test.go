package machines

import (
	"strings"
	"testing"
)

// TestFaultOfflineCAs boots a cluster in which no machine has an authority's key. One after the other, each machine then loses its disk and
// boots with new certificates, while clients write and read.
func TestFaultOfflineCAs(t *testing.T) {
	c := newCluster(t, generate(t, "offline.yaml"), nil)
	c.Boot(c.names("")...)
	c.checkCluster()
	c.checkWorkload()
	c.checkEndpoints()
	c.checkMaintenance()
	c.checkNoAuthority()
	c.checkSecretPlaces()

	before := c.serials()
	c.documents = c.documents.Renewed(t, "--within", "9000h")
	history := c.replaceUnderLoad()
	for name, after := range c.serials() {
		if after == before[name] {
			t.Errorf("the kubelet of %s serves with the same certificate as before: %s", name, after)
		}
	}
	c.checkNoAuthority()
	t.Attr("outcome", history.Summary())
}

// checkNoAuthority checks that no machine has the key of a CA, and that none has signed anything.
func (c *cluster) checkNoAuthority() {
	c.t.Helper()
	for _, name := range c.names("") {
		found := c.run(name, "find", "/etc", "/var/lib", "-path", "/var/lib/containerd", "-prune", "-o", "-name", "*ca.key", "-print")
		if found != "" {
			c.t.Errorf("%s has %s", name, found)
		}
	}
	for _, name := range c.names("control-plane") {
		if out := c.run(name, "kubeadm", "certs", "check-expiration", "--config", "/etc/kindling/kubeadm/init.yaml"); strings.Count(out, " yes ") < 10 {
			c.t.Errorf("kubeadm on %s does not find its certificates external:\n%s", name, out)
		}
	}
}

// serials are the serial numbers of what kubelets serve with, which the cluster's CA has signed.
func (c *cluster) serials() map[string]string {
	c.t.Helper()
	serials := map[string]string{}
	for _, name := range c.names("") {
		serials[name] = c.run("cp0", "bash", "-c", "openssl s_client -connect "+c.node(name).Address+":10250 -CAfile /etc/kubernetes/pki/ca.crt "+
			"-verify_return_error </dev/null 2>/dev/null | openssl x509 -noout -serial")
	}
	return serials
}
