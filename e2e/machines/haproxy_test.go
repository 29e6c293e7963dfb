package machines

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// failover is how long requests may go unanswered after the machine with the virtual IP is lost.
const failover = 10 * time.Second

// TestFaultLoadBalancer loses the load balancer that holds the virtual IP, while clients write and read. Then an API server
// answers but is not ready.
func TestFaultLoadBalancer(t *testing.T) {
	c := newCluster(t, generate(t, "haproxy.yaml"), nil)
	c.Boot(c.names("")...)
	c.checkCluster()

	c.loseTheHolder()

	c.checkReadiness()
}

// TestFaultHAProxyPods does the same with HAProxy on the control planes, where the holder of the virtual IP also has an API
// server.
func TestFaultHAProxyPods(t *testing.T) {
	c := newCluster(t, generate(t, "haproxy-pods.yaml"), nil)
	c.Boot(c.names("")...)
	c.checkCluster()
	for _, name := range c.names("control-plane") {
		if out, err := c.Exec(name, "pgrep", "--uid=haproxy", "--exact", "haproxy"); err != nil {
			t.Errorf("%s: HAProxy does not run as the user haproxy: %s", name, out)
		}
	}

	c.loseTheHolder()
	c.checkReadiness()

	c.powerOff(c.names("control-plane")...)
	c.Boot(c.names("control-plane")...)
	c.checkCluster()
}

// checkReadiness stops an etcd: its API server still accepts connections, but its /readyz fails.
func (c *cluster) checkReadiness() {
	c.t.Helper()
	c.checkInService("cp0", true)
	c.run("cp0", "pkill", "-STOP", "-x", "etcd")
	c.checkInService("cp0", false)
	for range 5 {
		c.admin.mustKubectl("get", "nodes")
	}
	c.run("cp0", "pkill", "-CONT", "-x", "etcd")
	c.checkInService("cp0", true)
	c.checkCluster()
}

// loseTheHolder powers off the machine with the virtual IP, and powers it on again later, while clients write and read
// through it.
func (c *cluster) loseTheHolder() {
	c.t.Helper()
	history := c.underLoad(func() {
		holder := c.holderOf("10.0.0.100")
		c.PowerOff(holder)
		time.Sleep(20 * time.Second)
		if now := c.holderOf("10.0.0.100"); now == holder {
			c.t.Errorf("%s is off, but holds the virtual IP", now)
		}
		c.Boot(holder)
		c.checkCluster()
	})
	if gap := history.LongestGap(); gap > failover {
		c.t.Errorf("no write was acknowledged for %s", gap)
	}
	c.t.Attr("outcome", history.Summary())
}

// checkInService waits until a server is in service, or is not, at the load balancer with the virtual IP, which logs each
// change.
func (c *cluster) checkInService(server string, want bool) {
	c.t.Helper()
	holder := c.holderOf("10.0.0.100")
	c.Eventually(fmt.Sprintf("%s in service: %t", server, want), func() (string, bool) {
		out, err := c.Exec(holder, "bash", "-c", "{ cat /var/log/pods/kube-system_haproxy-*/haproxy/*.log || journalctl --output=cat --unit=haproxy; } 2>&1 | grep 'Server kube-apiserver/"+server+" is' | tail -n 1")
		return out, err == nil && strings.Contains(out, "is DOWN") != want
	})
}

// holderOf returns the machine that has an address.
func (c *cluster) holderOf(address string) string {
	c.t.Helper()
	var holders []string
	c.Eventually("one machine has "+address, func() (string, bool) {
		holders = nil
		for _, name := range c.names("") {
			if out, err := c.Exec(name, "ip", "-o", "addr", "show", "to", address); err == nil && out != "" {
				holders = append(holders, name)
			}
		}
		return strings.Join(holders, ", "), len(holders) == 1
	})
	return holders[0]
}
