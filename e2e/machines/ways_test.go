package machines

import (
	"strings"
	"testing"
)

// TestFaultMixedCluster boots both kinds of documents, with a release whose kubeadm goes through controlPlaneEndpoint by default,
// and with the pod network from a file server.
func TestFaultMixedCluster(t *testing.T) {
	c := newCluster(t, generate(t, "mixed.yaml"), nil)
	c.Boot(c.names("")...)
	c.checkCluster()
	c.checkReadOnlyUsr("cp1", "cp2", "w0")
	c.checkWorkload()
	c.checkSameKeys()
	c.checkEndpoints()
	c.checkKubeadmConfig()
	c.checkMaintenance()

	c.wipe("cp1")
	c.Boot("cp1")
	c.checkCluster()
	c.checkEndpoints()
	c.checkTokenIsUnseen()
}

func (c *cluster) checkReadOnlyUsr(names ...string) {
	c.t.Helper()
	for _, name := range names {
		if out, err := c.Exec(name, "touch", "/usr/written"); err == nil || !strings.Contains(out, "Read-only file system") {
			c.t.Errorf("/usr of %s is not read-only: %s %v", name, out, err)
		}
	}
}

// TestFaultDualStack has IPv6 first everywhere, even in etcd's URLs, on machines of both kinds.
func TestFaultDualStack(t *testing.T) {
	c := newCluster(t, generate(t, "dual-stack.yaml"), nil)
	c.Boot(c.names("")...)
	c.checkCluster()
	c.checkReadOnlyUsr("cp0", "cp1", "w0")
	c.checkWorkload()
	c.checkEndpoints()
	if members, err := c.etcdctl("cp0", "member", "list"); err != nil || !strings.Contains(members, "https://[fd00::9]:2380, https://[fd00::9]:2379") {
		t.Errorf("etcd's members have other URLs: %v\n%s", err, members)
	}
}

// TestFaultIPv6 boots one control plane and one worker without any IPv4.
func TestFaultIPv6(t *testing.T) {
	c := newCluster(t, generate(t, "ipv6.yaml"), nil)
	c.Boot(c.names("")...)
	c.checkCluster()
	c.checkWorkload()
	c.checkEndpoints()
}
