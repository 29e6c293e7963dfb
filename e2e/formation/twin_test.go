package formation

import (
	"testing"
	"time"
)

// A second machine with the document and the address of a running one touches nothing, and goes on when the first one is
// gone.
func TestTwinWaits(t *testing.T) {
	t.Parallel()
	m := formed(t, sample("stacked"))
	before := m.Members("cp0")
	m.AddTwin("twin", "cp2", m.all["cp2"].address)
	m.Boot("twin")
	m.Wait("twin", `waiting: another machine, (..:){5}.., has 10.0.0.9 too: has cp2 been booted twice\?`)
	m.NoEtcd(10*time.Second, "twin")
	m.checkSame(before)
	m.write()
	m.Stop("cp2")
	m.network.cut(t, "cp2") // its namespace would still answer for it
	m.WaitDone("twin")
}
