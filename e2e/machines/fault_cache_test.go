package machines

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"kindling/e2e/internal/rig"
)

// TestFaultLostCache cuts the power of machines during their first boot, together with everything that is not on their disks
// yet. In every second boot all lose it at the same moment.
func TestFaultLostCache(t *testing.T) {
	const boots = 7 // for each file system, with three cuts each
	var slowest time.Duration
	for _, fileSystem := range []string{"ext4", "xfs"} {
		c := newCluster(t, generate(t, "three.yaml"), func(_ *cluster, m *rig.Machine) { m.FileSystem = fileSystem })
		names := c.names("")
		for seed := range boots {
			random := rand.New(rand.NewPCG(uint64(seed), 0))
			// cloud-init has written the files some seconds after power-on. Half of the cuts come within 30 s from then.
			within := []time.Duration{33 * time.Second, 60 * time.Second}[seed/2%2]
			began := time.Now()
			c.Boot(names...)
			cuts := [][]string{names}
			if seed%2 == 0 {
				cuts = nil
				for _, i := range random.Perm(len(names)) {
					cuts = append(cuts, names[i:i+1])
				}
			}
			for i, cut := range cuts {
				time.Sleep(time.Until(began.Add(within * time.Duration(i) / time.Duration(len(cuts)))))
				time.Sleep(time.Duration(random.Int64N(int64(within) / int64(len(cuts)))))
				t.Logf("%s, seed %d: %s lose power after %.1f s", fileSystem, seed, cut, time.Since(began).Seconds())
				c.CutPower(cut...)
				c.Boot(cut...)
			}
			c.checkCluster()
			slowest = max(slowest, time.Since(began))
			c.wipe(names...)
		}
	}
	t.Attr("outcome", fmt.Sprintf("%d/%d converge, the slowest in %.0f s", 2*boots, 2*boots, slowest.Seconds()))
}
