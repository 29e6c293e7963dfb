package machines

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"
)

// seeds is in how many first boots the power goes.
const seeds = 20

// TestFaultPowerCuts lets each machine lose its power once, at a random moment of its first boot.
func TestFaultPowerCuts(t *testing.T) {
	c := newCluster(t, generate(t, "three.yaml"), nil)
	names := c.names("")
	var slowest time.Duration
	for seed := range seeds {
		random := rand.New(rand.NewPCG(uint64(seed), 0))
		began := time.Now()
		c.Boot(names...)
		for _, i := range random.Perm(len(names)) {
			after := time.Duration(random.IntN(8000)) * time.Millisecond
			time.Sleep(after)
			t.Logf("seed %d: %s loses its power %.1f s after the beginning", seed, names[i], time.Since(began).Seconds())
			c.Reboot(names[i])
		}
		c.checkCluster()
		slowest = max(slowest, time.Since(began))
		c.wipe(names...)
	}
	t.Attr("outcome", fmt.Sprintf("%d/%d converge, the slowest in %.0f s", seeds, seeds, slowest.Seconds()))
}
