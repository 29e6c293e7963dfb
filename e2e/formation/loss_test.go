package formation

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"
)

func TestFaultWipedJoins(t *testing.T) {
	for _, name := range []string{"cp0", "cp1", "cp2"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := formed(t, sample("stacked"))
			other := m.names[0]
			if other == name {
				other = m.names[1]
			}
			before := m.Members(other)
			m.write()
			m.Stop(name)
			m.Wipe(name)
			m.Boot(name)
			m.Wait(name, `act at=\S+ existing`)
			m.WaitDone(name)
			m.checkFormed()
			id := m.Members(other)[name].ID
			if id == before[name].ID {
				t.Errorf("the wiped machine is still the member %x", id)
			}
			if promoted := fmt.Sprintf(`"promoted-member-id":"%x"`, id); !strings.Contains(readFile(t, m.all[other].etcdLog()), promoted) {
				t.Error("the wiped machine was never a learner")
			}
			m.checkWritten(name)
		})
	}
}

// A quorum that has lost its data does not form a second cluster while one disk still holds the first.
func TestFaultTwoWipedWait(t *testing.T) {
	for name, third := range map[string]func(m *machines){
		"the third is off":            func(m *machines) { m.Stop("cp2") },
		"the third is cut off":        func(m *machines) { m.network.cut(m.t, "cp2") },
		"the third is without quorum": func(*machines) {},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := formed(t, sample("stacked"))
			m.write()
			third(m)
			m.Stop("cp0", "cp1")
			m.Wipe("cp0", "cp1")
			m.Boot("cp0", "cp1")
			for _, name := range []string{"cp0", "cp1"} {
				m.Wait(name, `etcd: waiting: `)
			}
			m.NoEtcd(12*time.Second, "cp0", "cp1")
			if m.all["cp2"].first == nil {
				m.Boot("cp2")
			}
			m.network.heal(t, "cp2")
			for _, name := range []string{"cp0", "cp1"} {
				m.Wait(name, `waiting: etcd refuses member list: `)
			}
			m.NoEtcd(3*time.Second, "cp0", "cp1")
			m.checkHolds("cp2")
		})
	}
}

// While the two ask, the third machine restarts its etcd, whose ports refuse connections for seconds.
func TestFaultTwoWipedAskDuringARestart(t *testing.T) {
	const sets, tries = 4, 5
	for set := range sets {
		t.Run(fmt.Sprint("set ", set), func(t *testing.T) {
			t.Parallel()
			random := rand.New(rand.NewPCG(uint64(set), 0))
			m := formed(t, sample("stacked"))
			m.write()
			for range tries {
				m.Stop("cp0", "cp1")
				m.Wipe("cp0", "cp1")
				m.Boot("cp0", "cp1")
				at, lasts := time.Duration(random.IntN(2500))*time.Millisecond, time.Duration(500+random.IntN(4000))*time.Millisecond
				t.Logf("its etcd stops after %s, for %s", at, lasts)
				m.NoEtcd(at, "cp0", "cp1")
				start := m.stopEtcd("cp2")
				m.NoEtcd(lasts, "cp0", "cp1")
				start()
				for _, name := range []string{"cp0", "cp1"} {
					m.Wait(name, `waiting: etcd refuses member list: `)
				}
				m.NoEtcd(4*time.Second, "cp0", "cp1")
			}
			m.checkHolds("cp2")
		})
	}
}

// stopEtcd stops a machine's etcd until start is called.
func (m *machines) stopEtcd(name string) (start func()) {
	m.t.Helper()
	manifest := m.all[name].disk() + "/etc/kubernetes/manifests/etcd.yaml"
	if err := os.Rename(manifest, manifest+".aside"); err != nil {
		m.t.Fatal(err)
	}
	for pid, process := range m.network.processes(m.t, name) {
		if process == "etcd" {
			_ = syscall.Kill(pid, syscall.SIGTERM) // it may be gone already
		}
	}
	return func() {
		if err := os.Rename(manifest+".aside", manifest); err != nil {
			m.t.Fatal(err)
		}
	}
}

func TestWipedAndCutOff(t *testing.T) {
	t.Parallel()
	m := formed(t, sample("stacked"))
	m.write()
	m.Stop("cp1")
	m.Wipe("cp1")
	m.network.cut(t, "cp1")
	m.Boot("cp1")
	m.Wait("cp1", `waiting: 1 of 3 machines are ready to form etcd; cp0 silent since \S+ \(.*\); cp2 silent since `)
	m.NoEtcd(10*time.Second, "cp1")
	m.network.heal(t, "cp1")
	m.WaitDone("cp1")
	m.checkFormed()
	m.checkWritten("cp1")
}

// The root disk is new and etcd's disk is the old one: the same member goes on.
func TestRootLost(t *testing.T) {
	t.Parallel()
	m := formed(t, sample("stacked"))
	before := m.Members("cp0")
	m.write()
	m.Stop("cp2")
	m.LoseRoot("cp2")
	m.Boot("cp2")
	m.WaitDone("cp2")
	m.checkFormed()
	m.checkSame(before)
	m.checkWritten("cp2")
}

// etcd's disk is empty, and the root disk still has the fence and the manifest.
func TestDataLost(t *testing.T) {
	t.Parallel()
	m := formed(t, sample("stacked"))
	m.write()
	m.Stop("cp2")
	m.LoseData("cp2")
	m.Boot("cp2")
	m.Wait("cp2", `act at=\S+ disarm\n`)
	m.WaitDone("cp2")
	m.checkFormed()
	m.checkWritten("cp2")
}

// noticed is how long etcd takes to notice that a member is gone.
const noticed = 8 * time.Second

// A member that does not answer keeps others out. If no document names it any more, it is removed.
func TestMemberThatIsGoneForEver(t *testing.T) {
	t.Parallel()
	m := formed(t, sample("stacked"))
	m.write()
	m.Stop("cp2")
	time.Sleep(noticed)
	m.Use(changed(t, "stacked", "- name: cp2\n  role: control-plane\n  address: 10.0.0.9\n", "- name: cp3\n  role: control-plane\n  address: 10.0.0.19\n"))
	m.Boot("cp3")
	m.Wait("cp3", `waiting: https://10.0.0.9:2380, not in this document, does not answer: removed after five minutes`)
	m.Hurry("cp3", 301*time.Second)
	m.Wait("cp3", `act at=\S+ remove member=\w+ name=cp2 url=https://10.0.0.9:2380\n`)
	m.WaitDone("cp3")
	m.checkFormed()
	m.checkWritten("cp3")
}

// A member that is still named is waited for.
func TestMemberThatMayComeBack(t *testing.T) {
	t.Parallel()
	m := formed(t, sample("stacked"))
	m.write()
	m.Stop("cp2")
	time.Sleep(noticed)
	m.Use(five(t))
	m.Boot("cp3")
	m.Wait("cp3", `waiting: cp2, a member of etcd, does not answer`)
	m.Boot("cp2", "cp4")
	m.WaitDone("cp2", "cp3", "cp4")
	m.checkFormed()
}

func TestGrowth(t *testing.T) {
	t.Parallel()
	m := formed(t, sample("stacked"))
	m.write()
	m.Use(five(t))
	m.Boot("cp3", "cp4")
	m.WaitDone("cp3", "cp4")
	m.checkFormed()
	m.checkWritten("cp4")
}

// Two of five are wiped at the same time: three remain, and both join again.
func TestTwoOfFiveWiped(t *testing.T) {
	t.Parallel()
	m := formed(t, five(t))
	m.write()
	m.Stop("cp1", "cp3")
	m.Wipe("cp1", "cp3")
	m.Boot("cp1", "cp3")
	m.WaitDone("cp1", "cp3")
	m.checkFormed()
	m.checkWritten("cp1")
	m.checkWritten("cp3")
}

// five is the stacked sample cluster with cp3 and cp4.
func five(t *testing.T) string {
	t.Helper()
	return changed(t, "stacked", "  address: 10.0.0.9\n", "  address: 10.0.0.9\n"+more("cp3", "cp4"))
}

// more returns the lines of a spec for more control planes, at 10.0.0.3x.
func more(names ...string) string {
	text := new(strings.Builder)
	for _, name := range names {
		fmt.Fprintf(text, "- name: %s\n  role: control-plane\n  address: 10.0.0.3%s\n", name, name[2:])
	}
	return text.String()
}

// checkHolds checks that a machine's disk has what was written. Its etcd serves nothing without quorum, so an etcd that
// needs no other member is started on a copy.
func (m *machines) checkHolds(name string) {
	m.t.Helper()
	const client, peer = "http://127.0.0.1:3379", "http://127.0.0.1:3380"
	dir := m.t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(m.all[name].data())); err != nil {
		m.t.Fatal(err)
	}
	etcd := m.network.inside(name, programs(m.t)[0], "--data-dir", dir, "--name", name, "--force-new-cluster", "--listen-client-urls", client,
		"--advertise-client-urls", client, "--listen-peer-urls", peer, "--log-level=error")
	if err := etcd.Start(); err != nil {
		m.t.Fatal(err)
	}
	defer func() {
		etcd.Process.Kill()
		etcd.Wait()
	}()
	if got := m.run(name, programs(m.t)[1], "--endpoints", client, "--command-timeout=30s", "get", "written", "--print-value-only"); got != "before\n" {
		m.t.Errorf("the disk of %s has lost what was written: %q", name, got)
	}
}
