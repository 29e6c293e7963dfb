package machines

import (
	"fmt"
	"net"
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

// ahead is how far in the future the certificates become valid: far enough that machines on a slow computer reach the step
// that waits for that.
const ahead = 4 * time.Minute

// TestFaultCertificatesBeginLater uses keys that were made on a computer whose clock is ahead by a day and some
// minutes. Certificates are valid from a day before they are made.
func TestFaultCertificatesBeginLater(t *testing.T) {
	documents, err := kindling.GenerateAhead(t, "testdata/stacked.yaml", 24*time.Hour+ahead)
	if err != nil {
		t.Fatal(err)
	}
	c := newCluster(t, documents, nil)
	c.Boot(c.names("")...)
	const line = "clock: waiting: the certificates begin at "
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

// TestFaultClockSkew boots a control plane whose certificate for etcd was made by a clock that is ahead of the others'.
// All machines here share one clock, by which kubeadm refuses such a certificate. So the machine gets it afterwards.
func TestFaultClockSkew(t *testing.T) {
	c := newCluster(t, generate(t, "three.yaml"), nil)
	c.Boot("cp2")
	c.waitForLine("cp2", "etcd: waiting: 1 of 3 machines are ready to form etcd")
	c.givePeerCertificate("cp2", time.Now().Add(24*time.Hour))
	c.waitForResponder("cp2")

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

// waitForResponder waits until a machine's responder has the certificate that is on the disk. It restarts twice a minute.
func (c *cluster) waitForResponder(name string) {
	c.t.Helper()
	const served = `openssl s_client -connect "$0" </dev/null 2>&1 | openssl x509 -noout -dates`
	want := c.run(name, "openssl", "x509", "-noout", "-dates", "-in", "/etc/kubernetes/pki/etcd/peer.crt")
	c.Eventually("the responder of "+name+" has another certificate", func() (string, bool) {
		got, err := c.Exec(name, "bash", "-c", served, net.JoinHostPort(c.node(name).Address, "2380"))
		return fmt.Sprint(got, err), got == want
	})
}

// write writes a file on a machine that is on.
func (c *cluster) write(name, file string, content []byte) {
	c.t.Helper()
	c.run(name, "bash", "-c", `printf %s "$1" >"$0"`, file, string(content))
}

// checkDoneAfter checks that a machine's step was not done before a time.
func (c *cluster) checkDoneAfter(name, step string, begin time.Time) {
	c.t.Helper()
	done, err := os.Stat(c.stamp(name, step, "done"))
	if err != nil || done.ModTime().Before(begin.Add(-time.Second)) {
		c.t.Errorf("%s of %s was done before %s: %v", step, name, begin, err)
	}
}

// TestFaultNoTimeSource boots a machine whose time server never answers.
func TestFaultNoTimeSource(t *testing.T) {
	c := newCluster(t, generate(t, "no-time.yaml"), func(_ *cluster, m *rig.Machine) { m.Files = unsynchronized(t) })
	c.Boot("cp0")
	c.waitForLine("cp0", "clock: waiting: no time source answered yet")
	c.waitForLine("cp0", "clock: no time source answered within 90 s; going on without")
	c.checkCluster()
	seconds := strings.TrimSpace(c.run("cp0", "cat", "/var/lib/kindling/clock.done"))
	if n, err := strconv.Atoi(seconds); err != nil || n < 90 {
		t.Errorf("the clock step took %s s, want at least 90", seconds)
	}
}

// unsynchronized returns the files of a machine whose clock follows no time source. Machines of the rig share the host's
// clock: if that follows one, theirs would too.
func unsynchronized(t *testing.T) map[string]rig.File {
	t.Helper()
	files := map[string]rig.File{
		"etc/systemd/system/systemd-timesyncd.service.d/rig.conf": {Mode: 0o644, Content: []byte("[Unit]\nConditionVirtualization=\n")},
	}
	var clock unix.Timex
	if _, err := unix.Adjtimex(&clock); err != nil {
		t.Fatal(err)
	}
	const unknown = 16_000_000 // how many microseconds the clock may be off by, as systemd sees it
	if clock.Maxerror < unknown {
		files["usr/local/bin/timedatectl"] = rig.File{Mode: 0o755, Content: []byte("#!/bin/sh\necho no\n")}
	}
	return files
}

// TestFaultLoadBalancerComesLast boots the control planes while the load balancer neither answers nor refuses connections.
func TestFaultLoadBalancerComesLast(t *testing.T) {
	c := newCluster(t, generate(t, "stacked.yaml"), nil)
	lift := c.Swallow(c.at(loadBalancer).Addr())
	c.Boot(c.names("")...)
	c.waitUntilDone(c.names("control-plane")...)
	time.Sleep(time.Minute) // stands for the ten minutes that it may take someone to fix it
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

// waitForLine waits until a machine has printed a text on its console since it was powered on.
func (c *cluster) waitForLine(name, text string) {
	c.t.Helper()
	c.Eventually(name+" says: "+text, func() (string, bool) {
		said := c.Said(name)
		return lastLine(said), strings.Contains(said, text)
	})
}
