package machines

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"kindling/e2e/internal/rig"
)

// share is how much of a core each slow machine has.
const share = 0.6

// TestFaultFirstBoots measures first boots beside the guide's order, on the same machines in the same run, and writes
// docs/e2e.md: twice on all cores, and once with little of a core for each machine, since on shared cores nobody sees who waits
// for whom.
func TestFaultFirstBoots(t *testing.T) {
	r := report{version: string(rig.Current)}
	c, g := newCluster(t, generate(t, "stacked.yaml"), nil), newGuide(t, "stacked.yaml", nil)
	for range 2 {
		r.kindling = append(r.kindling, c.bootMeasured())
		c.wipe(c.names("")...)
		r.guide = append(r.guide, g.bootMeasured())
		g.wipe(g.names("")...)
	}
	for _, spec := range []string{"stacked.yaml", "three.yaml"} {
		r.slow = append(r.slow, bootSlowly(t, spec))
	}
	if err := os.WriteFile("../../docs/e2e.md", []byte(r.text()), 0o644); err != nil {
		t.Error(err)
	}
	t.Attr("outcome", r.summary())
}

// A slowBoot is a first boot of machines that have little of a core each, and of the same machines in the guide's order.
type slowBoot struct {
	machines        string
	kindling, guide times
	// What a control plane has run until then, and the part of kindling's boot script with all that it has called.
	kindlingLoad, guideLoad machineLoad
	own                     time.Duration
}

func bootSlowly(t *testing.T, spec string) slowBoot {
	t.Helper()
	slow := func(_ *cluster, m *rig.Machine) {
		m.Share, m.Counted = share, true
	}
	c := newCluster(t, generate(t, spec), slow)
	b := slowBoot{machines: fmt.Sprintf("%d control planes", len(c.names("control-plane")))}
	if workers := len(c.names("worker")); workers > 0 {
		b.machines += fmt.Sprintf(", %d workers", workers)
	}
	b.kindling = c.bootMeasured()
	c.waitUntilDone(c.names("")...)
	b.own = c.ownCPU("cp1")
	b.kindlingLoad = c.load("cp1")
	c.powerOff(c.names("")...)

	g := newGuide(t, spec, slow)
	b.guide = g.bootMeasured()
	b.guideLoad = g.load("cp1")
	g.powerOff(g.names("")...)
	return b
}

// A machineLoad is what a machine has run since it was powered on.
type machineLoad struct {
	programs map[string]rig.Program
	total    time.Duration
}

// load powers a machine off and says what it has run.
func (c *cluster) load(name string) machineLoad {
	c.t.Helper()
	total := c.CPU(name)
	// Not everything that ends together with the machine is counted.
	c.run(name, "bash", "-c", "kill -KILL -1; while pgrep -x 'etcd|kube-apiserver' >/dev/null; do sleep 0.1; done")
	if err := c.Kill(name); err != nil {
		c.t.Fatal(err)
	}
	c.Eventually(name+" has ended", func() (string, bool) {
		_, err := c.Exec(name, "true")
		return fmt.Sprint(err), err != nil
	})
	c.PowerOff(name)
	return machineLoad{c.Processes(name), total}
}

// ownCPU is what the boot script of a machine has taken, with all that it has called.
func (c *cluster) ownCPU(name string) time.Duration {
	c.t.Helper()
	ticks, err := strconv.Atoi(strings.TrimSpace(c.run(name, "bash", "-c", `awk '{print $14 + $15 + $16 + $17}' "/proc/$(systemctl show -P MainPID kindling.service)/stat"`)))
	if err != nil {
		c.t.Fatal(err)
	}
	return time.Duration(ticks) * 10 * time.Millisecond
}
