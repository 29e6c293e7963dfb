package formation

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kindling/e2e/kindling"
)

// settled is how long a cluster may take to form. On a quiet machine it takes 4 s, and 16 s after a power cut.
const settled = 45 * time.Second

func TestAllAtOnce(t *testing.T) {
	t.Parallel()
	formed(t, sample("stacked"))
}

func TestOneAfterTheOther(t *testing.T) {
	t.Parallel()
	m := newMachines(t, sample("stacked"))
	m.Boot("cp0")
	time.Sleep(3 * time.Second)
	m.Boot("cp1")
	time.Sleep(3 * time.Second)
	m.Boot("cp2")
	m.WaitDone(settled, m.names...)
	m.checkFormed()
}

func TestOneIsMissing(t *testing.T) {
	t.Parallel()
	m := newMachines(t, sample("stacked"))
	m.Boot("cp0", "cp1")
	m.NoEtcd(8*time.Second, "cp0", "cp1")
	for _, name := range []string{"cp0", "cp1"} {
		m.Wait(5*time.Second, name, `waiting: 2 of 3 machines are ready to form etcd; cp2 silent`)
	}
	m.Boot("cp2")
	m.WaitDone(settled, m.names...)
	m.checkFormed()
}

// Whatever is at a peer's port without being this peer is nobody, and the console names it.
func TestNobody(t *testing.T) {
	for name, test := range map[string]struct {
		impostor func(m *machines, name string)
		error    string // curl's
	}{
		"never answers": {neverAnswers, `\(28\) `},
		"finds nothing": {findsNothing, `\(22\) .* 404`},
		"other CA":      {otherCA, `\(60\) .*certificate`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := newMachines(t, sample("stacked"))
			test.impostor(m, "cp2")
			m.Boot("cp0", "cp1")
			for _, name := range []string{"cp0", "cp1"} {
				m.Wait(settled, name, `waiting: 2 of 3 machines are ready to form etcd; cp2 silent since \S+ \(`+test.error)
			}
			m.NoEtcd(10*time.Second, m.names...)
		})
	}
}

func TestWipedMachineJoins(t *testing.T) {
	t.Parallel()
	m := formed(t, sample("stacked"))
	before := m.Members("cp0")
	m.Etcdctl("cp0", "put", "written", "before")
	m.Stop("cp2")
	m.Wipe("cp2")
	m.Boot("cp2")
	m.Wait(settled, "cp2", `act at=\S+ existing`)
	m.WaitDone(settled, "cp2")
	m.checkFormed()
	id := m.Members("cp0")["cp2"].ID
	if id == before["cp2"].ID {
		t.Errorf("the wiped machine is still the member %x", id)
	}
	if promoted := fmt.Sprintf(`"promoted-member-id":"%x"`, id); !strings.Contains(readFile(t, m.all["cp0"].etcdLog()), promoted) {
		t.Error("the wiped machine was no learner")
	}
	m.checkWritten("cp2")
}

// A quorum that has lost its data forms no second cluster while one disk still holds the first.
func TestTwoWipedMachinesWaitForTheThird(t *testing.T) {
	t.Parallel()
	m := formed(t, sample("stacked"))
	m.Stop(m.names...)
	m.Wipe("cp0", "cp1")
	m.Boot("cp0", "cp1")
	m.NoEtcd(12*time.Second, "cp0", "cp1")
	m.Boot("cp2")
	for _, name := range []string{"cp0", "cp1"} {
		m.Wait(settled, name, `waiting: the formed etcd refuses member list: `)
	}
	m.NoEtcd(3*time.Second, "cp0", "cp1")
}

func TestExistingNeverForms(t *testing.T) {
	t.Parallel()
	m := newMachines(t, changed(t, "stacked", "topology: stacked", "initialClusterState: existing"))
	m.Boot(m.names...)
	m.NoEtcd(10*time.Second, m.names...)
	for _, name := range m.names {
		m.Wait(5*time.Second, name, `waiting: no peer serves the cluster that this machine must join`)
	}
}

func TestOtherClusters(t *testing.T) {
	const (
		others = "- name: cp1\n  role: control-plane\n  address: 10.0.0.8\n- name: cp2\n  role: control-plane\n  address: 10.0.0.9\n"
		six    = "- {name: w0,"
		three  = "- {name: cp1, role: control-plane, address: \"fd00::8\"}\n- {name: cp2, role: control-plane, address: \"fd00::9\"}\n"
	)
	for name, spec := range map[string]string{
		"single":     changed(t, "stacked", others, ""),
		"IPv6":       sample("ipv6"),
		"three IPv6": changed(t, "ipv6", six, three+six),
		"dual-stack": sample("dual-stack"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			formed(t, spec)
		})
	}
}

func TestPowerCut(t *testing.T) {
	t.Parallel()
	m := formed(t, sample("stacked"))
	before := m.Members("cp0")
	m.Etcdctl("cp0", "put", "written", "before")
	m.Stop(m.names...)
	m.Boot(m.names...)
	m.WaitDone(settled, m.names...)
	m.checkFormed()
	sameID := func(a, b member) bool { return a.ID == b.ID }
	if after := m.Members("cp0"); !maps.EqualFunc(before, after, sameID) {
		t.Errorf("other members: %v, before %v", after, before)
	}
	for _, name := range m.names {
		m.checkWritten(name)
	}
}

// formed boots all machines of a cluster at once.
func formed(t *testing.T, spec string) *machines {
	t.Helper()
	m := newMachines(t, spec)
	began := time.Now()
	m.Boot(m.names...)
	m.WaitDone(settled, m.names...)
	t.Logf("%d machines formed etcd in %.1f s", len(m.names), time.Since(began).Seconds())
	m.checkFormed()
	return m
}

// checkFormed holds that all machines are voters of the one cluster that their documents know.
func (m *machines) checkFormed() {
	m.t.Helper()
	for _, name := range m.names {
		if got, want := m.ClusterID(name), nodeEnv(m.t, m.all[name].disk(), "ETCD_CLUSTER_ID"); got != want {
			m.t.Errorf("%s is in cluster %s, not %s", name, got, want)
		}
		members := m.Members(name)
		if len(members) != len(m.names) {
			m.t.Errorf("%s knows %d members: %v", name, len(members), members)
		}
		for _, peer := range m.names {
			if member, ok := members[peer]; !ok || member.IsLearner || member.Name != peer {
				m.t.Errorf("%s knows %s as %+v", name, peer, member)
			}
		}
	}
}

// checkWritten holds that a machine's own etcd has what the tests write before they do any harm.
func (m *machines) checkWritten(name string) {
	m.t.Helper()
	if got := m.Etcdctl(name, "get", "written", "--print-value-only", "--consistency=s"); got != "before\n" {
		m.t.Errorf("%s has lost what was written: %q", name, got)
	}
}

// sample is one of the sample clusters.
func sample(cluster string) string {
	return filepath.Join(kindling.Source(), "testdata/clusters", cluster+".yaml")
}

// changed is a sample cluster with another text in the place of one that it must have.
func changed(t *testing.T, cluster, old, text string) string {
	t.Helper()
	spec := readFile(t, sample(cluster))
	if !strings.Contains(spec, old) {
		t.Fatalf("%s has no %q", cluster, old)
	}
	file := filepath.Join(t.TempDir(), "cluster.yaml")
	writeFile(t, file, []byte(strings.ReplaceAll(spec, old, text)), os.FileMode(0o644))
	return file
}
