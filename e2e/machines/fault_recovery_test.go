package machines

import (
	"strings"
	"testing"
	"time"
)

// TestFaultQuorumLost loses two of three disks, and walks the way back in docs/recovery.md.
func TestFaultQuorumLost(t *testing.T) {
	c := newCluster(t, generate(t, "three.yaml"), nil)
	c.Boot(c.names("")...)
	c.checkCluster()
	c.admin.mustKubectl("create", "configmap", "written", "--from-literal=when=before")
	c.wipe("cp0", "cp1")
	c.Boot("cp0", "cp1")
	for _, name := range []string{"cp0", "cp1"} {
		c.waitForLine(name, "etcd: waiting: the formed etcd refuses member list")
		c.checkNothingRuns(name)
	}
	c.recover("cp2", "From a disk that is left")
	c.checkCluster()
	c.checkWritten(c.clusterID("cp2"))
}

// TestFaultAllDisksLost loses all disks, and has a snapshot.
func TestFaultAllDisksLost(t *testing.T) {
	c := newCluster(t, generate(t, "three.yaml"), nil)
	c.Boot(c.names("")...)
	c.checkCluster()
	c.admin.mustKubectl("create", "configmap", "written", "--from-literal=when=before")
	c.recover("cp1", "Taking a snapshot")
	snapshot := readFile(t, c.Path("cp1", "/var/lib/snapshot.db"))

	c.wipe(c.names("")...)
	c.Boot("cp0")
	c.waitForLine("cp0", "etcd: waiting: 1 of 3 machines are ready to form etcd")
	c.Put("cp0", "/var/lib/snapshot.db", []byte(snapshot))
	c.Restored("cp0")
	c.recover("cp0", "From a snapshot")
	c.waitUntilDone("cp0")
	c.Boot("cp1", "cp2")
	c.checkCluster()
	c.checkWritten(c.clusterID("cp0"))
}

// TestFaultExternalQuorumLost does both with etcd on machines of its own, under control planes that stay up.
func TestFaultExternalQuorumLost(t *testing.T) {
	c := newCluster(t, generate(t, "external.yaml"), nil)
	c.Boot(c.names("")...)
	c.checkCluster()
	c.admin.mustKubectl("create", "configmap", "written", "--from-literal=when=before")
	c.wipe("etcd0", "etcd1")
	c.Boot("etcd0", "etcd1")
	for _, name := range []string{"etcd0", "etcd1"} {
		c.waitForLine(name, "etcd: waiting: the formed etcd refuses member list")
	}
	c.recover("etcd2", "From a disk that is left")
	c.checkCluster()
	c.checkWritten(c.clusterID("etcd2"))

	c.recover("etcd1", "Taking a snapshot")
	snapshot := readFile(t, c.Path("etcd1", "/var/lib/snapshot.db"))
	c.wipe(c.etcdMembers()...)
	c.Boot("etcd0")
	c.waitForLine("etcd0", "etcd: waiting: 1 of 3 machines are ready to form etcd")
	c.Put("etcd0", "/var/lib/snapshot.db", []byte(snapshot))
	c.Restored("etcd0")
	c.recover("etcd0", "From a snapshot")
	c.waitUntilDone("etcd0")
	c.Boot("etcd1", "etcd2")
	c.checkCluster()
	c.checkWritten(c.clusterID("etcd0"))
}

// recover does on a machine what a section of docs/recovery.md says.
func (c *cluster) recover(name, section string) {
	c.t.Helper()
	began := time.Now()
	c.run(name, "bash", "-euo", "pipefail", "-c", bashBlock(c.t, "recovery.md", section))
	c.t.Logf("%s: %s, in %.1f s", name, section, time.Since(began).Seconds())
}

// bashBlock is the first block of commands in a section of a document.
func bashBlock(t *testing.T, document, section string) string {
	t.Helper()
	_, text, _ := strings.Cut(readFile(t, "../../docs/"+document), "# "+section+"\n")
	_, text, _ = strings.Cut(text, "```bash\n")
	commands, _, found := strings.Cut(text, "```\n")
	if !found {
		t.Fatalf("docs/%s has no commands in %q", document, section)
	}
	return commands
}
