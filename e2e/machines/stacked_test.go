package machines

import (
	"net/netip"
	"strings"
	"testing"
)

// TestStackedCluster boots the guide's first topology, all machines at the same time. It then loses a control plane while clients write
// and read, and finally the power of all machines. TestFaultWipedUnderLoad loses each control plane in turn.
func TestStackedCluster(t *testing.T) {
	c := newCluster(t, generate(t, "stacked.yaml"), nil)
	stray := c.machine(c.node("cp0"))
	stray.Name, stray.Addresses = "stray", []netip.Prefix{netip.MustParsePrefix("10.0.0.99/24")}
	c.Add(stray)

	c.Boot(c.names("")...)
	c.checkCluster()

	c.Boot("stray")
	c.checkStray()
	c.checkWorkload()
	c.checkSameKeys()
	c.checkEndpoints()
	c.checkKubeadmConfig()
	c.checkMaintenance()
	c.checkTokenIsUnseen()
	c.checkSecretPlaces()

	c.underLoad(func() {
		c.checkWorkersOutlive("cp0")
		c.Wipe("cp0")
		c.Boot("cp0")
		c.checkCluster()
		c.checkEndpoints()
	})
	c.checkSameKeys()
	c.checkTokenIsUnseen()

	c.powerOff(c.names("")...)
	c.Boot(c.names("")...)
	c.checkCluster()
	c.checkWorkload()
}

// checkStray checks that a machine with another one's document does nothing but report that.
func (c *cluster) checkStray() {
	c.t.Helper()
	const why = "right-machine: waiting: this document is for cp0 at 10.0.0.7; this machine has 10.0.0.99"
	c.Eventually("the stray machine says why it waits", func() (string, bool) {
		return lastLine(c.Console("stray")), strings.Contains(c.Console("stray"), why)
	})
	status, err := statusOf(c.Rig, "stray")
	if err != nil || status.State != "waiting" || status.Step != "right-machine" {
		c.t.Errorf("status of the stray machine: %+v %v", status, err)
	}
	if made := c.run("stray", "find", "/etc/kubernetes", "-name", "*.conf", "-o", "-path", "*/manifests/*"); made != "" {
		c.t.Errorf("the stray machine went on:\n%s", made)
	}
	c.PowerOff("stray")
}

func lastLine(text string) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return lines[len(lines)-1]
}
