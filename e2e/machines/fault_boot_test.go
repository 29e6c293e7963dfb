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

// TestFaultBringUps makes the cluster from blank machines again and again, all at once. TestFaultLostCache and TestFaultBootOrders do so
// twenty times more.
func TestFaultBringUps(t *testing.T) {
	const bringUps = 10
	c := newCluster(t, generate(t, "three.yaml"), nil)
	var took []time.Duration
	for range bringUps {
		took = append(took, c.bootMeasured().Ready)
		c.checkCluster()
		c.wipe(c.names("")...)
	}
	slices.Sort(took)
	t.Attr("runs", fmt.Sprint(bringUps))
	t.Attr("outcome", fmt.Sprintf("%d/%d; all Nodes Ready after %.1f to %.1f s, median %.1f s",
		len(took), bringUps, took[0].Seconds(), took[bringUps-1].Seconds(), took[bringUps/2].Seconds()))
}
