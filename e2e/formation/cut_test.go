package formation

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"path/filepath"
	"testing"
	"time"

	"kindling/e2e/internal/progress"
)

func TestPowerCut(t *testing.T) {
	t.Parallel()
	m := formed(t, sample("stacked"))
	before := m.Members("cp0")
	m.write()
	m.Stop(m.names...)
	m.Boot(m.names...)
	m.WaitDone(m.names...)
	m.checkFormed()
	m.checkSame(before)
	for _, name := range m.names {
		m.checkWritten(name)
	}
}

// checkSame checks that no member was removed or added.
func (m *machines) checkSame(before map[string]member) {
	m.t.Helper()
	sameID := func(a, b member) bool { return a.ID == b.ID }
	if after := m.Members(m.names[0]); !maps.EqualFunc(before, after, sameID) {
		m.t.Errorf("the members are %v, and were %v", after, before)
	}
}

// While the cluster forms, machines lose power at random moments, and come back at once.
func TestFaultRandomPowerCuts(t *testing.T) {
	const seeds = 20
	for seed := range seeds {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			random := rand.New(rand.NewPCG(uint64(seed), 1))
			m := newMachines(t, sample("stacked"))
			m.Boot(m.names...)
			for range 3 {
				name := m.names[random.IntN(len(m.names))]
				after := time.Duration(random.IntN(3000)) * time.Millisecond
				t.Logf("%s loses power after %s", name, after)
				time.Sleep(after)
				m.Stop(name)
				m.Boot(name)
			}
			m.WaitDone(m.names...)
			m.checkFormed()
		})
	}
}

// The power is cut when etcd's manifest exists and none of its data does. At the next boot nothing starts on its own.
func TestFaultCutBeforeTheFirstWAL(t *testing.T) {
	t.Parallel()
	m := formed(t, sample("stacked"))
	m.write()
	cut := false
	for try := 0; !cut; try++ {
		if try == 20 {
			t.Fatalf("in %d attempts the power was cut too late", try)
		}
		m.Stop("cp2")
		m.Wipe("cp2")
		m.Boot("cp2")
		manifest := func() (string, bool) { return "", m.exists("cp2", "/etc/kubernetes/manifests/etcd.yaml") }
		if err := progress.Wait(time.Millisecond, manifest, m.logs); err != nil {
			t.Fatalf("cp2 does not start etcd: %v", err)
		}
		m.Stop("cp2")
		cut = !m.exists("cp2", "/var/lib/etcd/member/wal/*.wal")
	}
	m.network.cut(t, "cp2")
	m.Boot("cp2")
	m.Wait("cp2", `act at=\S+ disarm\n(.*\n)*.* waiting: `)
	m.NoEtcd(8*time.Second, "cp2")
	m.network.heal(t, "cp2")
	m.WaitDone("cp2")
	m.checkFormed()
	m.checkWritten("cp2")
}

// exists reports whether a machine's disk has a file that matches a pattern.
func (m *machines) exists(name, pattern string) bool {
	m.t.Helper()
	found, err := filepath.Glob(filepath.Join(m.all[name].disk(), pattern))
	if err != nil {
		m.t.Fatal(err)
	}
	return len(found) > 0
}
