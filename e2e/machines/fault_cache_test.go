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
		c := newCluster(t, generate(t, "three.yaml"), onImages(fileSystem))
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

// TestFaultLostCacheJoin cuts the power of wiped control planes while they join again.
func TestFaultLostCacheJoin(t *testing.T) {
	const joins = 5 // for each file system
	for _, fileSystem := range []string{"ext4", "xfs"} {
		c := newCluster(t, generate(t, "three.yaml"), onImages(fileSystem))
		c.Boot(c.names("")...)
		c.checkCluster()
		id := c.writeBefore()
		for seed := range joins {
			name := c.names("")[seed%3]
			c.wipe(name)
			c.bootAndCut(fileSystem, seed, name)
			c.checkCluster()
			c.checkWritten(id)
		}
	}
	t.Attr("runs", fmt.Sprint(2*joins))
}

// TestFaultLostCacheGrowth cuts the power of new control planes while they join for the first time, two at once.
func TestFaultLostCacheGrowth(t *testing.T) {
	const rounds = 3 // for each file system, with two machines each
	for _, fileSystem := range []string{"ext4", "xfs"} {
		three := generate(t, "three.yaml")
		c := newCluster(t, three, onImages(fileSystem))
		c.Boot(c.names("")...)
		c.checkCluster()
		id := c.writeBefore()
		for seed := range rounds {
			c.grow("five.yaml", three.PKI(), onImages(fileSystem))
			c.bootAndCut(fileSystem, seed, "cp3", "cp4")
			c.checkCluster()
			c.checkWritten(id)
			c.shrink("cp4", 4)
			c.shrink("cp3", 3)
			c.Wipe("cp3")
			c.Wipe("cp4")
		}
	}
	t.Attr("runs", fmt.Sprint(4*rounds))
}

// onImages gives each machine a disk that can lose its cache.
func onImages(fileSystem string) func(*cluster, *rig.Machine) {
	return func(_ *cluster, m *rig.Machine) { m.FileSystem = fileSystem }
}

// bootAndCut boots machines, cuts the power of one after another at random moments, each once, and boots them again.
func (c *cluster) bootAndCut(fileSystem string, seed int, names ...string) {
	c.t.Helper()
	const within = 40 * time.Second
	random := rand.New(rand.NewPCG(uint64(seed), 1))
	began := time.Now()
	c.Boot(names...)
	for i, name := range names {
		time.Sleep(time.Until(began.Add(within * time.Duration(i) / time.Duration(len(names)))))
		time.Sleep(time.Duration(random.Int64N(int64(within) / int64(len(names)))))
		c.t.Logf("%s, seed %d: %s loses power after %.1f s", fileSystem, seed, name, time.Since(began).Seconds())
		c.CutPower(name)
		c.Boot(name)
	}
}
