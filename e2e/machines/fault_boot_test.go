package machines

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestFaultBootOrders powers the machines on one after another, in each order.
func TestFaultBootOrders(t *testing.T) {
	c := newCluster(t, generate(t, "three.yaml"), nil)
	for _, order := range []string{"cp0 cp1 cp2", "cp0 cp2 cp1", "cp1 cp0 cp2", "cp1 cp2 cp0", "cp2 cp0 cp1", "cp2 cp1 cp0"} {
		for _, name := range strings.Fields(order) {
			c.Boot(name)
			time.Sleep(8 * time.Second)
		}
		c.checkCluster()
		c.wipe(c.names("")...)
	}
	t.Attr("runs", "6")
}

// TestFaultOneIsMissing boots two of three machines, which wait for the third.
func TestFaultOneIsMissing(t *testing.T) {
	c := newCluster(t, generate(t, "three.yaml"), nil)
	c.Boot("cp0", "cp2")
	for _, name := range []string{"cp0", "cp2"} {
		c.waitForLine(name, "etcd: waiting: 2 of 3 machines are ready to form etcd; cp1 silent since")
	}
	time.Sleep(30 * time.Second)
	for _, name := range []string{"cp0", "cp2"} {
		c.checkNothingRuns(name)
	}
	c.Boot("cp1")
	c.checkCluster()
}

// TestFaultBootstrapExpect boots two machines that do not wait for the third, which joins later.
func TestFaultBootstrapExpect(t *testing.T) {
	c := newCluster(t, generate(t, "expect.yaml"), nil)
	c.Boot("cp0", "cp2")
	c.waitUntilDone("cp0", "cp2")
	id := c.writeBefore()
	c.Boot("cp1")
	c.checkCluster()
	c.checkWritten(id)
}

// bringUps is how often the cluster is made from blank machines, guides how often in the guide's order. TestFaultLostCache and
// TestFaultBootOrders make it twenty times more.
const bringUps, guides = 10, 5

// TestFaultBringUps makes the cluster from blank machines many times, all at once, and in between in the guide's order.
func TestFaultBringUps(t *testing.T) {
	c, g := newCluster(t, generate(t, "three.yaml"), nil), newGuide(t, "three.yaml", nil)
	var ours, guide []time.Duration
	for run := range bringUps {
		ours = append(ours, c.bootMeasured().Ready)
		c.checkCluster()
		c.wipe(c.names("")...)
		if run%(bringUps/guides) == 0 {
			guide = append(guide, g.bootMeasured().Ready)
			g.wipe(g.names("")...)
		}
	}
	slices.Sort(ours)
	slices.Sort(guide)
	ratio := median(guide).Seconds() / median(ours).Seconds()
	outcome := fmt.Sprintf("%d/%d; all Nodes Ready after %s, median %.1f s; the guide's order %s, median %.1f s: %.1f times as long",
		len(ours), bringUps, spread(ours), median(ours).Seconds(), spread(guide), median(guide).Seconds(), ratio)
	t.Log(outcome)
	t.Attr("runs", fmt.Sprint(bringUps))
	t.Attr("outcome", outcome)
}

func spread(sorted []time.Duration) string {
	return fmt.Sprintf("%.1f to %.1f s", sorted[0].Seconds(), sorted[len(sorted)-1].Seconds())
}

func median(sorted []time.Duration) time.Duration { return sorted[len(sorted)/2] }
