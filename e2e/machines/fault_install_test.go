package machines

import (
	"fmt"
	"strings"
	"testing"
)

// TestFaultBinaries boots machines with stock images, which fetch what their publishers have released. Then it wipes a control plane,
// and cuts the power of a worker while that installs.
func TestFaultBinaries(t *testing.T) {
	c := newStockCluster(t, "testdata/binaries.yaml", publishers.Addr().String())
	c.Boot(c.names("")...)
	c.checkCluster()
	c.checkRunsFrom("/usr/local/bin/", "cp0", "cp2", "w0")
	c.checkRunsFrom("/opt/bin/", "cp1", "w1")

	c.wipe("cp1", "w0")
	c.Boot("cp1", "w0")
	c.waitForLine("w0", "install: fetches ")
	c.Reboot("w0")
	c.checkCluster()
	c.checkWorkload()
	c.checkNeedsNoMirror("w0")
}

// TestFaultPackages boots machines with stock images, which install packages with apt, dnf and zypper. On one, another program holds
// dpkg's lock at first. Then it wipes the control plane with dnf, and cuts the power of a worker while dpkg is at work.
func TestFaultPackages(t *testing.T) {
	c := newStockCluster(t, "testdata/packages.yaml", publishers.Addr().String())
	c.Boot(c.names("")...)
	c.waitForLine("w1", "install: failed: apt: Could not get lock /var/lib/dpkg/lock-frontend. It is held by process ")
	c.checkCluster()
	c.checkRunsFrom("/usr/bin/", "cp0", "cp1", "w0", "w1", "w2")
	c.checkRunFrom("cp2", "kubelet", "/usr/bin/")
	c.checkRunFrom("cp2", "containerd", "/usr/local/bin/")

	c.wipe("cp2", "w0")
	c.Boot("cp2", "w0")
	c.Eventually("dpkg unpacks on w0", func() (string, bool) {
		out, err := c.Exec("w0", "pgrep", "-a", "dpkg")
		return fmt.Sprint(out, err), strings.Contains(out, "dpkg-deb") || strings.Contains(out, "--unpack")
	})
	c.Reboot("w0")
	c.checkCluster()
	c.checkWorkload()
	c.checkNeedsNoMirror("cp2", "w0", "w2")
}

// checkNeedsNoMirror has machines do all steps again while the mirror is gone, as after a new document for the same release.
func (c *cluster) checkNeedsNoMirror(names ...string) {
	c.t.Helper()
	lift := c.Swallow(publishers.Addr())
	defer lift()
	for _, name := range names {
		c.run(name, "bash", "-c", "rm /var/lib/kindling/*.done")
		c.Reboot(name)
	}
	c.checkCluster()
}
