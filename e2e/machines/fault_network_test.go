package machines

import (
	"net/netip"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestFaultTwins boots cp0's document on a second machine while cp0 is at work: once with another address, and once with the
// same one.
func TestFaultTwins(t *testing.T) {
	c := newCluster(t, generate(t, "three.yaml"), nil)
	for name, address := range map[string]string{"stray": "10.0.0.99/24", "twin": "10.0.0.7/24"} {
		m := c.machine(c.node("cp0"))
		m.Name, m.Addresses = name, []netip.Prefix{netip.MustParsePrefix(address)}
		c.Add(m)
	}
	c.Boot(c.names("")...)
	c.checkCluster()
	members := c.memberIDs()
	history := c.underLoad(func() {
		c.Boot("stray", "twin")
		c.waitForLine("stray", "right-machine: waiting: this document is for cp0 at 10.0.0.7; this machine has 10.0.0.99")
		c.waitForLine("twin", "etcd: waiting: another machine, 52:54:00:00:01:")
		time.Sleep(30 * time.Second)
		for _, name := range []string{"stray", "twin"} {
			c.checkNothingRuns(name)
		}
	})
	c.PowerOff("twin")
	c.checkCluster()
	if now := c.memberIDs(); !slices.Equal(now, members) {
		t.Errorf("the members are %v, and were %v", now, members)
	}
	t.Attr("outcome", history.Summary())
}

// TestFaultWipedAndCutOff wipes a control plane that can reach nobody when it boots.
func TestFaultWipedAndCutOff(t *testing.T) {
	c := newCluster(t, generate(t, "three.yaml"), nil)
	c.Boot(c.names("")...)
	c.checkCluster()
	id := c.writeBefore()

	c.wipe("cp1")
	c.Boot("cp1")
	c.Cut("cp1")
	c.waitForLine("cp1", "etcd: waiting: 1 of 3 machines are ready to form etcd; cp0 silent since")
	for end := time.Now().Add(30 * time.Second); time.Now().Before(end); time.Sleep(time.Second) {
		c.checkNothingRuns("cp1")
	}
	c.Heal("cp1")
	c.checkCluster()
	c.checkWritten(id)
}

var controlPlane = regexp.MustCompile(`(?m)^(etcd|kube-apiserver)$`)

// checkNothingRuns checks that a machine has neither etcd nor an API server.
func (c *cluster) checkNothingRuns(name string) {
	c.t.Helper()
	if processes := c.run(name, "ps", "-eo", "comm="); controlPlane.MatchString(processes) {
		c.t.Fatalf("%s runs\n%s", name, processes)
	}
	if data := c.run(name, "find", "/var/lib/etcd", "/etc/kubernetes", "-path", "*/member/*", "-o", "-path", "*/manifests/*"); strings.TrimSpace(data) != "" {
		c.t.Fatalf("%s has\n%s", name, data)
	}
}
