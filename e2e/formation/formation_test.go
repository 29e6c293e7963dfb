package formation

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kindling/e2e/internal/kindling"
)

func TestAllAtOnce(t *testing.T) {
	t.Parallel()
	formed(t, sample("stacked"))
}

func TestOneIsMissing(t *testing.T) {
	t.Parallel()
	m := newMachines(t, sample("stacked"))
	m.Boot("cp0", "cp1")
	for _, name := range []string{"cp0", "cp1"} {
		m.Wait(name, `waiting: 2 of 3 machines are ready to form etcd; cp2 silent`)
	}
	m.NoEtcd(8*time.Second, "cp0", "cp1")
	m.Boot("cp2")
	m.WaitDone(m.names...)
	m.checkFormed()
}

// Anything else at a peer's port does not count as the peer, and the console names it.
func TestNobody(t *testing.T) {
	for name, test := range map[string]struct {
		impostor func(m *machines, name string)
		said     string
	}{
		"never answers": {neverAnswers, `silent since \S+ \(\(28\) `},
		"finds nothing": {serves(nil), `silent since \S+ \(\(22\) .* 404`},
		"other CA":      {otherCA, `silent since \S+ \(\(60\) .*certificate`},
		"other token":   {serves(answers{"/members": "blank kindling-0123456789abcdef cp2 b007b007-0000"}), `unlike since \S+ \(this document: it is cp2`},
		"other machine": {serves(answers{"/members": "blank TOKEN cp7 b007b007-0000"}), `unlike since \S+ \(this document: it is cp7`},
		"null":          {serves(answers{"/members": "null"}), `unlike since \S+ \(this document: its etcd has other members`},
		"a joiner":      {serves(answers{"/members": `[{"id":1,"peerURLs":["https://10.0.0.9:2380"],"name":"","isLearner":true}]`}), `unlike since `},
		"garbage":       {serves(answers{"/members": "\x00<html>"}), `unlike since `},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := newMachines(t, sample("stacked"))
			test.impostor(m, "cp2")
			m.Boot("cp0", "cp1")
			for _, name := range []string{"cp0", "cp1"} {
				m.Wait(name, `waiting: 2 of 3 machines are ready to form etcd; cp2 `+test.said)
			}
			m.NoEtcd(10*time.Second, m.names...)
		})
	}
}

func TestExistingNeverForms(t *testing.T) {
	t.Parallel()
	m := newMachines(t, changed(t, "stacked", "topology: stacked", "initialClusterState: existing"))
	m.Boot(m.names...)
	for _, name := range m.names {
		m.Wait(name, `waiting: no peer serves the cluster that this machine must join`)
	}
	m.NoEtcd(10*time.Second, m.names...)
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

// formed boots all machines of a cluster at the same time.
func formed(t *testing.T, spec string) *machines {
	t.Helper()
	m := newMachines(t, spec)
	began := time.Now()
	m.Boot(m.names...)
	m.WaitDone(m.names...)
	t.Logf("%d machines formed etcd in %.1f s", len(m.names), time.Since(began).Seconds())
	m.checkFormed()
	return m
}

// checkFormed checks that all machines are voters in the one cluster of the first documents.
func (m *machines) checkFormed() {
	m.t.Helper()
	for _, name := range m.names {
		if got := m.ClusterID(name); got != m.cluster {
			m.t.Errorf("%s is in cluster %s, not %s", name, got, m.cluster)
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

// write writes what must survive every fault, and waits until it is on the disk of every machine that is on. etcd does not sync a
// commit alone: that of the first key is on a machine's disk once its log has the second.
func (m *machines) write() {
	m.t.Helper()
	m.Etcdctl(m.names[0], "put", "written", "before")
	m.Etcdctl(m.names[0], "put", "committed", "before")
	for _, name := range m.names {
		if m.all[name].first == nil {
			continue
		}
		m.Eventually(name+" has what was written", func() (string, bool) {
			got := m.readOwn(name, "committed")
			return got, got == "before\n"
		})
	}
}

// readOwn reads a key from a machine's own etcd, and from no other.
func (m *machines) readOwn(name, key string) string {
	m.t.Helper()
	return m.Etcdctl(name, "get", key, "--print-value-only", "--consistency=s")
}

// checkWritten checks that a machine's own etcd has what the test wrote before the fault.
func (m *machines) checkWritten(name string) {
	m.t.Helper()
	if got := m.readOwn(name, "written"); got != "before\n" {
		m.t.Errorf("%s has lost what was written: %q", name, got)
	}
}

// sample returns the path of one of the sample clusters.
func sample(cluster string) string {
	return filepath.Join(kindling.Source(), "testdata/clusters", cluster+".yaml")
}

// changed returns the path of a copy of a sample cluster, in which a text is replaced by another one.
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
