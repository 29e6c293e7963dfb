package machines

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"kindling/e2e/internal/kindling"
	"kindling/e2e/internal/leaf"
	"kindling/e2e/internal/rig"
)

// The tests in this file mostly wait, and so they wait together.

// ahead is how far in the future the certificates begin: far enough for machines on a slow computer to come to the step that
// waits for them.
const ahead = 4 * time.Minute

// TestMachinesWaitForTheirCertificates has keys that were made on a computer whose clock is ahead by a day and some minutes,
// while certificates begin a day before they are made.
func TestMachinesWaitForTheirCertificates(t *testing.T) {
	t.Parallel()
	documents, err := kindling.GenerateAhead(t, "testdata/stacked.yaml", 24*time.Hour+ahead)
	if err != nil {
		t.Fatal(err)
	}
	c := newCluster(t, documents, nil)
	c.Boot(c.names("")...)
	const line = "clock: waiting: the certificates are not valid before "
	for _, name := range c.names("") {
		c.waitForLine(name, line)
	}
	_, after, _ := strings.Cut(c.Console("cp0"), line)
	begin, err := time.Parse(time.RFC3339, after[:len("2006-01-02T15:04:05Z")])
	if err != nil {
		t.Fatal(err)
	}
	time.Sleep(time.Until(begin)) // while nothing moves
	c.checkCluster()
	for _, name := range c.names("") {
		c.checkDoneAfter(name, "clock", begin)
	}
}

// TestPeersNameClockSkew has a control plane whose certificate for etcd was made by a clock that is ahead of the others'. All
// machines here share one clock, and kubeadm refuses such a certificate by its own: so the machine gets it afterwards.
func TestPeersNameClockSkew(t *testing.T) {
	t.Parallel()
	c := newCluster(t, generate(t, "three.yaml"), nil)
	c.Boot("cp2")
	c.waitForLine("cp2", "etcd: waiting: 1 of 3 machines are ready to form etcd")
	c.givePeerCertificate("cp2", time.Now().Add(24*time.Hour))
	time.Sleep(31 * time.Second) // its responder is started anew at least twice a minute

	c.Boot("cp0", "cp1")
	for _, name := range []string{"cp0", "cp1"} {
		c.waitForLine(name, "cp2 clock-skew since")
	}
	mended := time.Now()
	c.givePeerCertificate("cp2", mended.Add(-time.Hour))
	c.checkCluster()
	c.checkDoneAfter("cp0", "etcd", mended)
}

// givePeerCertificate gives a machine another certificate for etcd's peer port.
func (c *cluster) givePeerCertificate(name string, begin time.Time) {
	c.t.Helper()
	cert, key := leaf.Etcd(c.t, filepath.Join(c.documents.PKI(), "etcd"), name, c.node(name).Address, begin)
	c.write(name, "/etc/kubernetes/pki/etcd/peer.crt", cert)
	c.write(name, "/etc/kubernetes/pki/etcd/peer.key", key)
}

// write writes a file on a machine that is on.
func (c *cluster) write(name, file string, content []byte) {
	c.t.Helper()
	c.run(name, "bash", "-c", `printf %s "$1" >"$0"`, file, string(content))
}

// checkDoneAfter holds that a machine's step was not done before a time.
func (c *cluster) checkDoneAfter(name, step string, begin time.Time) {
	c.t.Helper()
	done, err := os.Stat(c.stamp(name, step, "done"))
	if err != nil || done.ModTime().Before(begin.Add(-time.Second)) {
		c.t.Errorf("%s of %s was done before %s: %v", step, name, begin, err)
	}
}

// TestNoTimeSource has a time server that never answers.
func TestNoTimeSource(t *testing.T) {
	t.Parallel()
	c := newCluster(t, generate(t, "no-time.yaml"), func(_ *cluster, m *rig.Machine) { m.Files = unsynchronized(t) })
	c.Boot("cp0")
	c.waitForLine("cp0", "clock: waiting: no time source has answered yet")
	c.waitForLine("cp0", "clock: no time source answered within 90 s; going on with the machine's own clock")
	c.checkCluster()
	seconds := strings.TrimSpace(c.run("cp0", "cat", "/var/lib/kindling/clock.done"))
	if n, err := strconv.Atoi(seconds); err != nil || n < 90 {
		t.Errorf("the gate took %s s", seconds)
	}
}

// unsynchronized are the files of a machine with a time service. Machines of the rig share the host's clock: where that
// follows a time source, theirs would as well.
func unsynchronized(t *testing.T) map[string]rig.File {
	t.Helper()
	files := map[string]rig.File{
		"etc/systemd/system/systemd-timesyncd.service.d/rig.conf": {Mode: 0o644, Content: []byte("[Unit]\nConditionVirtualization=\n")},
	}
	var clock unix.Timex
	if _, err := unix.Adjtimex(&clock); err != nil {
		t.Fatal(err)
	}
	const unknown = 16_000_000 // microseconds that the clock may be wrong by, as systemd sees it
	if clock.Maxerror < unknown {
		files["usr/local/bin/timedatectl"] = rig.File{Mode: 0o755, Content: []byte("#!/bin/sh\necho no\n")}
	}
	return files
}

// TestLoadBalancerComesLast has a load balancer that neither answers nor refuses while the control planes boot.
func TestLoadBalancerComesLast(t *testing.T) {
	t.Parallel()
	c := newCluster(t, generate(t, "stacked.yaml"), nil)
	lift := c.Swallow(c.at(loadBalancer).Addr())
	c.Boot(c.names("")...)
	c.waitUntilDone(c.names("control-plane")...)
	time.Sleep(time.Minute) // stands for the ten that it may take someone to see to it
	for _, name := range c.names("worker") {
		c.waitForLine(name, "join: waiting: no API server at api.demo.test:6443")
		if status, err := statusOf(c.Rig, name); err != nil || status.State != "waiting" || fmt.Sprint(status.WaitingFor) != "[api.demo.test:6443]" {
			t.Errorf("status of %s: %+v %v", name, status, err)
		}
	}
	lift()
	c.checkCluster()
	c.checkWorkload()
}

// waitForLine waits until a machine has said something on its console since it was powered on.
func (c *cluster) waitForLine(name, text string) {
	c.t.Helper()
	c.Eventually(name+" says: "+text, func() (string, bool) {
		said := c.Said(name)
		return lastLine(said), strings.Contains(said, text)
	})
}
