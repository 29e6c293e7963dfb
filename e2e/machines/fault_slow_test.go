package machines

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"kindling/e2e/internal/rig"
)

// share is how much of a core each slow machine has.
const share = 0.6

// TestFaultSlowMachines boots machines with little of a core each, and in the guide's order, and counts what a control plane runs. On
// shared cores nobody sees who waits for whom.
func TestFaultSlowMachines(t *testing.T) {
	var rows, ratios []string
	var ours, guides machineLoad
	var own time.Duration
	for _, spec := range []string{"stacked.yaml", "three.yaml"} {
		slow := func(_ *cluster, m *rig.Machine) {
			m.Share, m.Counted = share, true
		}
		c := newCluster(t, generate(t, spec), slow)
		us := c.bootMeasured()
		c.waitUntilDone(c.names("")...)
		own = c.ownCPU("cp1")
		ours = c.load("cp1")
		c.powerOff(c.names("")...)

		g := newGuide(t, spec, slow)
		them := g.bootMeasured()
		guides = g.load("cp1")
		g.powerOff(g.names("")...)

		machines := fmt.Sprintf("%d control planes", len(c.names("control-plane")))
		if workers := len(c.names("worker")); workers > 0 {
			machines += fmt.Sprintf(", %d workers", workers)
		}
		row := func(what string, us, them time.Duration) {
			ratio := them.Seconds() / us.Seconds()
			rows = append(rows, fmt.Sprintf("| %s | %s | %.0f | %.0f | %.2f |", machines, what, us.Seconds(), them.Seconds(), ratio))
			ratios = append(ratios, fmt.Sprintf("%s: %s %.2f", machines, what, ratio))
		}
		row("every API server is ready", us.APIServers, them.APIServers)
		row("every Node is Ready", us.Ready, them.Ready)
	}
	err := writeReport("", fmt.Sprintf(`Written by `+"`make e2e-matrix`"+`. Each machine has %.1f of a core, however many others run. One boot each.

| machines | seconds from power-on until | kindling | the guide's order | ratio |
|---|---|---|---|---|
%s

## What a control plane runs

From power-on until every Node was Ready, on cp1 of the three control planes above: %.1f CPU seconds in all with kindling, %.1f in the
guide's order. kindling's boot script took %.1f, with all that it called. The table has the number of processes and their CPU seconds;
there the kernel rounds each process down to a hundredth of a second (acct(5)).

%s`, share, strings.Join(rows, "\n"), ours.total.Seconds(), guides.total.Seconds(), own.Seconds(), loadTable(ours, guides)))
	if err != nil {
		t.Error(err)
	}
	t.Attr("outcome", "the guide's order takes this much longer: "+strings.Join(ratios, ", ")+fmt.Sprintf("; CPU seconds of a control plane: %.1f, of which kindling's script %.1f; in the guide's order %.1f", ours.total.Seconds(), own.Seconds(), guides.total.Seconds()))
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

// loadTable has the programs that take most.
func loadTable(ours, guides machineLoad) string {
	var text strings.Builder
	text.WriteString("| program | kindling | the guide's order |\n|---|---|---|\n")
	both := maps.Clone(ours.programs)
	for name, p := range guides.programs {
		if p.CPU > both[name].CPU {
			both[name] = p
		}
	}
	names := slices.SortedFunc(maps.Keys(both), func(a, b string) int {
		return cmp.Or(cmp.Compare(both[b].CPU, both[a].CPU), cmp.Compare(a, b))
	})
	cell := func(p rig.Program) string { return fmt.Sprintf("%d, %.1f", p.Processes, p.CPU.Seconds()) }
	for _, name := range names[:min(20, len(names))] {
		fmt.Fprintf(&text, "| %s | %s | %s |\n", name, cell(ours.programs[name]), cell(guides.programs[name]))
	}
	total := func(programs map[string]rig.Program) (all rig.Program) {
		for _, p := range programs {
			all.Processes += p.Processes
			all.CPU += p.CPU
		}
		return all
	}
	fmt.Fprintf(&text, "| all | %s | %s |\n", cell(total(ours.programs)), cell(total(guides.programs)))
	return text.String()
}
