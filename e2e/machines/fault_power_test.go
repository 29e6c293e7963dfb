package machines

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"
)

// seeds is the number of first boots with power cuts.
const seeds = 20

// TestFaultPowerCuts cuts the power of each machine once, at a random moment of its first boot.
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
			t.Logf("seed %d: %s loses power after %.1f s", seed, names[i], time.Since(began).Seconds())
			c.Reboot(names[i])
		}
		c.checkCluster()
		slowest = max(slowest, time.Since(began))
		c.wipe(names...)
	}
	t.Attr("outcome", fmt.Sprintf("%d/%d converge, the slowest in %.0f s", seeds, seeds, slowest.Seconds()))
}
