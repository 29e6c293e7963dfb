package machines

import (
	"strings"
	"testing"
	"time"
)

// TestFaultQuorumLost loses two of three disks, and recovers as docs/recovery.md says.
func TestFaultQuorumLost(t *testing.T) {
	c := beforeTheLoss(t, "three.yaml")
	c.loseQuorum("cp0", "cp1", "cp2")
}

// TestFaultAllDisksLost loses all disks, and recovers from a snapshot.
func TestFaultAllDisksLost(t *testing.T) {
	c := beforeTheLoss(t, "three.yaml")
	c.loseAllDisks("cp0", "cp1", "cp2")
}

// TestFaultExternalQuorumLost does both with external etcd, while the control planes stay up.
func TestFaultExternalQuorumLost(t *testing.T) {
	c := beforeTheLoss(t, "external.yaml")
	c.loseQuorum("etcd0", "etcd1", "etcd2")
	c.loseAllDisks("etcd0", "etcd1", "etcd2")
}

func beforeTheLoss(t *testing.T, spec string) *cluster {
	c := newCluster(t, generate(t, spec), nil)
	c.Boot(c.names("")...)
	c.checkCluster()
	c.writeBefore()
	return c
}

// loseQuorum wipes two members, and recovers the cluster from the disk of the third.
func (c *cluster) loseQuorum(one, two, left string) {
	c.t.Helper()
	c.wipe(one, two)
	c.Boot(one, two)
	for _, name := range []string{one, two} {
		c.waitForLine(name, "etcd: waiting: etcd refuses member list")
		c.checkNothingRuns(name)
	}
	c.recover(left, "From a disk that is left")
	c.checkCluster()
	c.checkWritten(c.clusterID(left))
}

// loseAllDisks wipes all members, and recovers the cluster from a snapshot.
func (c *cluster) loseAllDisks(one, two, three string) {
	c.t.Helper()
	c.recover(two, "Taking a snapshot")
	snapshot := readFile(c.t, c.Path(two, "/var/lib/snapshot.db"))

	c.wipe(one, two, three)
	c.Boot(one)
	c.waitForLine(one, "etcd: waiting: 1 of 3 machines are ready to form etcd")
	c.Put(one, "/var/lib/snapshot.db", []byte(snapshot))
	c.Restored(one)
	c.recover(one, "From a snapshot")
	c.waitUntilDone(one)
	c.Boot(two, three)
	c.checkCluster()
	c.checkWritten(c.clusterID(one))
}

// recover runs the commands in a section of docs/recovery.md on a machine.
func (c *cluster) recover(name, section string) {
	c.t.Helper()
	began := time.Now()
	c.run(name, "bash", "-euo", "pipefail", "-c", bashBlock(c.t, "recovery.md", section))
	c.t.Logf("%s: %s, in %.1f s", name, section, time.Since(began).Seconds())
}

// bashBlock returns the first block of commands in a section of a document.
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
