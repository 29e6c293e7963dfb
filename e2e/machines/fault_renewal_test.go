package machines

import (
	"crypto/tls"
	"fmt"
	"net"
	"strings"
	"testing"
	"time"

	"kindling/e2e/internal/kindling"
	"kindling/e2e/internal/load"
)

// validity is that of the certificates in testdata/renewal.yaml.
const validity = 10 * time.Minute

// TestFaultRenewal lets control planes renew their certificates three times while clients write and read. Then one of them is off
// until its certificates have expired.
func TestFaultRenewal(t *testing.T) {
	c := newCluster(t, generate(t, "renewal.yaml"), nil)
	c.Boot(c.names("")...)
	c.checkCluster()
	least := len(c.names("control-plane"))
	began := time.Now()
	history := c.underLoad(func() {
		c.Eventually("each control plane has renewed its certificates three times", func() (string, bool) {
			least = min(least, c.Balanced())
			counts, all := c.renewals(3)
			// A machine that waits for its turn is silent for long.
			return fmt.Sprint(counts, min(time.Since(began), 4*validity).Truncate(time.Minute)), all
		})
	})
	if want := len(c.names("control-plane")) - 1; least < want {
		t.Errorf("the load balancer had only %d API servers at times, want %d", least, want)
	}
	c.checkFresh()

	began = time.Now()
	c.PowerOff("cp2")
	c.Eventually("cp2's certificates have expired", func() (string, bool) {
		left := time.Until(began.Add(validity))
		return left.Truncate(time.Minute).String(), left < 0
	})
	c.Boot("cp2")
	c.checkCluster()
	c.checkFresh()
	t.Attr("outcome", history.Summary())
}

// TestFaultExternalRenewal boots machines with certificates that last for thirty days more, which they cannot renew. It renews them as
// the operator does, and boots one machine after another with its new document while clients write and read.
func TestFaultExternalRenewal(t *testing.T) {
	const spec, warning = "external-renewal.yaml", " certs: the document's certificates expire at "
	old, err := kindling.GenerateAhead(t, "testdata/"+spec, -335*24*time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	c := newCluster(t, generateWith(t, spec, old.PKI()), nil)
	c.Boot(c.names("")...)
	c.checkCluster()
	for _, name := range c.names("") {
		c.waitForLine(name, warning)
	}
	if events := c.admin.mustKubectl("get", "events", "--field-selector=reason=CertificatesExpire", "--output=jsonpath={.items[*].involvedObject.name}"); !strings.Contains(events, "cp0") || !strings.Contains(events, "cp1") {
		t.Errorf("the Nodes with a warning are %q", events)
	}

	c.documents = c.documents.Renewed(t)
	history := c.replaceUnderLoad()
	for _, name := range c.names("") {
		if strings.Contains(c.Said(name), warning) {
			t.Errorf("%s still warns", name)
		}
	}
	t.Attr("outcome", history.Summary())
}

// replaceUnderLoad gives each machine, one after the other, its new document and empty disks, while clients write and read.
func (c *cluster) replaceUnderLoad() *load.History {
	c.t.Helper()
	return c.underLoad(func() {
		for _, name := range c.names("") {
			c.PowerOff(name)
			c.Replace(c.machine(c.node(name)))
			c.Boot(name)
			c.checkCluster()
		}
	})
}

// renewals tells how often each control plane has renewed since its boot, and whether all have at least that often.
func (c *cluster) renewals(want int) (string, bool) {
	counts, all := map[string]int{}, true
	for _, name := range c.names("control-plane") {
		counts[name] = strings.Count(c.Said(name), " renew: done in ")
		all = all && counts[name] >= want
	}
	return fmt.Sprint(counts), all
}

// checkFresh checks that each API server and etcd shows a certificate that is good for a while, and that kubeadm finds none that has
// expired.
func (c *cluster) checkFresh() {
	c.t.Helper()
	for _, name := range c.names("control-plane") {
		for _, port := range []string{"6443", "2379"} {
			address := net.JoinHostPort(c.node(name).Address, port)
			c.Eventually(address+" has a fresh certificate", func() (string, bool) {
				raw, err := c.DialContext(c.t.Context(), "tcp", address)
				if err != nil {
					return err.Error(), false
				}
				defer raw.Close()
				conn := tls.Client(raw, &tls.Config{InsecureSkipVerify: true})
				_ = conn.HandshakeContext(c.t.Context()) // etcd wants a certificate, after it has shown its own
				certificates := conn.ConnectionState().PeerCertificates
				return fmt.Sprint(len(certificates)), len(certificates) > 0 && time.Until(certificates[0].NotAfter) > validity/4
			})
		}
		if out := c.run(name, "kubeadm", "certs", "check-expiration", "--config", "/etc/kindling/kubeadm/init.yaml"); strings.Contains(out, "invalid") {
			c.t.Errorf("%s: %s", name, out)
		}
	}
}
