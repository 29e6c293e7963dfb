package machines

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"kindling/e2e/internal/rig"
)

// TestFaultRootReimaged gives a control plane a new root disk. etcd's own disk still has the member.
func TestFaultRootReimaged(t *testing.T) {
	c := newCluster(t, generate(t, "three.yaml"), nil)
	c.Boot(c.names("")...)
	c.checkCluster()
	id, members := c.writeBefore(), c.memberIDs()
	usual := c.ignoredPreflightErrors("cp1")

	c.PowerOff("cp1")
	c.WipeRoot("cp1")
	c.Boot("cp1")
	c.checkCluster()
	c.checkWritten(id)
	if now := c.memberIDs(); !slices.Equal(now, members) {
		t.Errorf("the members are %v, and were %v", now, members)
	}
	if ignored := c.ignoredPreflightErrors("cp1"); !slices.Equal(ignored, append([]string{"DirAvailable--var-lib-etcd"}, usual...)) {
		t.Errorf("preflight ignored %v, and at the first boot %v", ignored, usual)
	}
}

// TestFaultEtcdDiskLost gives a control plane an empty disk for etcd. The stamps, the fence and the manifest are still on
// its root disk.
func TestFaultEtcdDiskLost(t *testing.T) {
	c := newCluster(t, generate(t, "three.yaml"), nil)
	c.Boot(c.names("")...)
	c.checkCluster()
	id := c.writeBefore()

	c.PowerOff("cp1")
	c.WipeEtcd("cp1")
	c.Boot("cp1")
	c.checkCluster()
	c.checkWritten(id)
	c.waitForLine("cp1", " disarm")
}

// TestFaultEtcdDiskLate cuts the power of a control plane. Its etcd disk is attached three minutes after it is back, twice as late as
// systemd waits for it.
func TestFaultEtcdDiskLate(t *testing.T) {
	c := newCluster(t, generate(t, "three.yaml"), func(_ *cluster, m *rig.Machine) {
		if m.Name == "cp1" {
			m.EtcdDisk, m.Files = "/disks/etcd", ownMount
		}
	})
	c.Boot("cp0", "cp2", "cp1")
	c.attach("cp1")
	c.checkCluster()
	id, members := c.writeBefore(), c.memberIDs()

	c.PowerOff("cp1")
	c.Boot("cp1")
	for end := time.Now().Add(3 * time.Minute); time.Now().Before(end); time.Sleep(time.Second) {
		if processes, err := c.Exec("cp1", "ps", "-eo", "comm="); err == nil && regexp.MustCompile(`(?m)^(etcd|kubelet|kube-apiserver)$`).MatchString(processes) {
			t.Fatalf("without its disk the machine runs:\n%s", processes)
		}
		if said := c.Said("cp1"); strings.Contains(said, " etcd-disk: done") {
			t.Fatalf("without its disk the machine goes on:\n%s", said)
		}
	}
	c.waitForLine("cp1", " etcd-disk: waiting: etcd's disk is not there yet: var-lib-etcd.mount")
	c.attach("cp1")
	c.checkCluster()
	c.checkWritten(id)
	if now := c.memberIDs(); !slices.Equal(now, members) {
		t.Errorf("the members are %v, and were %v", now, members)
	}
}

// ownMount mounts the etcd disk once it is attached.
var ownMount = map[string]rig.File{
	"etc/systemd/system/attached.service": {Mode: 0o644, Content: []byte(`[Service]
Type=oneshot
RemainAfterExit=yes
TimeoutStartSec=90
ExecStart=/bin/bash -c 'until [ -e /run/attached ]; do sleep 0.2; done'
`)},
	"etc/systemd/system/var-lib-etcd.mount": {Mode: 0o644, Content: []byte(`[Unit]
Requires=attached.service
After=attached.service

[Mount]
What=/disks/etcd
Where=/var/lib/etcd
Type=none
Options=bind
`)},
}

func (c *cluster) attach(name string) {
	c.t.Helper()
	c.Eventually("the disk of "+name+" is attached", func() (string, bool) {
		out, err := c.Exec(name, "touch", "/run/attached")
		return out, err == nil
	})
}

// memberIDs returns the sorted IDs of etcd's members.
func (c *cluster) memberIDs() []string {
	c.t.Helper()
	list, err := c.etcdctl("cp0", "member", "list")
	if err != nil {
		c.t.Fatalf("%v: %s", err, list)
	}
	var ids []string
	for line := range strings.Lines(list) {
		id, _, _ := strings.Cut(line, ", ")
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return ids
}

var ignoredError = regexp.MustCompile(`\[WARNING ([^]]+)\]`)

// ignoredPreflightErrors returns the names of the errors that kubeadm's preflight ignored on a machine, sorted.
func (c *cluster) ignoredPreflightErrors(name string) []string {
	c.t.Helper()
	var names []string
	for _, match := range ignoredError.FindAllStringSubmatch(c.run(name, "cat", "/var/lib/kindling/certs.log"), -1) {
		names = append(names, match[1])
	}
	slices.Sort(names)
	return slices.Compact(names)
}
