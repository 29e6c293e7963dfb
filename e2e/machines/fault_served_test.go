package machines

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kindling/e2e/internal/kindling"
	"kindling/e2e/internal/rig"
)

// TestFaultServed boots machines that have nothing but the URL of kindling serve. Afterwards nobody gets a document, and when one machine
// may have its own again, the others' pods still get none.
func TestFaultServed(t *testing.T) {
	ca := []byte(readFile(t, "testdata/registry-ca.pem"))
	c := newCluster(t, generate(t, "served.yaml"), func(c *cluster, m *rig.Machine) {
		m.BootServer, m.BootCA = c.bootServer(), ca
		m.Files = map[string]rig.File{"etc/ssl/certs/ca-certificates.crt": {Mode: 0o644, Content: ca}}
	})
	ledger := c.serve()
	c.Boot(c.names("")...)
	c.checkCluster()
	c.checkWorkload()
	want := []string{
		"cp0 nodes/cp0/meta-data: 200", "cp0 nodes/cp0/user-data: 200", "cp0 nodes/cp0/vendor-data: 200",
		"cp1 nodes/cp1/config.ign: 200",
		"cp2 nodes/cp2/meta-data: 200", "cp2 nodes/cp2/user-data: 200", "cp2 nodes/cp2/vendor-data: 200",
		"w0 nodes/w0/meta-data: 200", "w0 nodes/w0/user-data: 200", "w0 nodes/w0/vendor-data: 200",
		"w1 nodes/w1/config.ign: 200",
	}
	c.checkServed(want...)
	c.checkPodsGetNothing(c.names("")...)

	c.Reboot("w0")
	c.waitUntilDone("w0")
	c.wipe("cp0")
	c.Boot("cp0")
	c.waitForLine("cp0", "firmware: cp0 has had its documents, and boots from its disk. For new ones, arm it again.")
	c.waitForLine("cp0", "firmware: no bootable device")
	c.PowerOff("cp0")
	c.rearm(ledger, "cp0")
	c.checkPodsGetNothing("cp1", "cp2", "w0", "w1")
	c.checkServed(want...)
	c.Boot("cp0")
	c.checkCluster()
	c.checkServed(append(want, want[:3]...)...)
}

func (c *cluster) bootServer() string { return "https://10.0.0.5:8443/boot" }

// checkServed checks which documents kindling serve has given away.
func (c *cluster) checkServed(want ...string) {
	c.t.Helper()
	var served []string
	for _, request := range kindling.Requests(c.Log("kindling")) {
		if strings.Contains(request, " nodes/") && strings.HasSuffix(request, ": 200") {
			served = append(served, request)
		}
	}
	want = slices.Clone(want)
	slices.Sort(want)
	slices.Sort(served)
	if diff := cmp.Diff(want, served); diff != "" {
		c.t.Errorf("documents given away (-want +got):\n%s", diff)
	}
}

// checkPodsGetNothing has every pod of some machines ask for cp0's script and document.
func (c *cluster) checkPodsGetNothing(names ...string) {
	c.t.Helper()
	ask := fmt.Sprintf(`
		for pod in $(ls /run/netns); do
			for path in ipxe/52-54-00-00-01-01.ipxe nodes/cp0/user-data; do
				ip netns exec "$pod" curl -sk --max-time 30 %s/$path || echo failed
			done
		done`, c.bootServer())
	asked := 0
	for _, name := range names {
		refused := c.node(name).Address + " is the address of " + name
		if name == "cp0" {
			refused = "cp0 has had its documents"
		}
		answers := c.run(name, "bash", "-c", ask)
		pods := strings.Count(answers, "documents are given to machines that boot with their own script")
		if strings.Contains(answers, "/boot/") || strings.Contains(answers, "PRIVATE KEY") || strings.Count(answers, refused) != pods {
			c.t.Errorf("pods of %s ask for the documents of cp0: %s", name, answers)
		}
		asked += pods
	}
	if asked == 0 {
		c.t.Error("no pod has asked")
	}
}
