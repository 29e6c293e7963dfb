package machines

import (
	"path/filepath"
	"strings"
	"testing"

	"kindling/e2e/internal/kindling"
)

func TestFaultKubeVIP(t *testing.T) { testKubeVIP(t, generate(t, "kube-vip.yaml")) }

func TestFaultKubeVIP129(t *testing.T) { testKubeVIP(t, generate(t, "kube-vip-v1.29.yaml")) }

func TestFaultKubeVIP128(t *testing.T) {
	testKubeVIP(t, generateWith(t, "kube-vip-v1.28.yaml", filepath.Join(kindling.Source(), "testdata/pki/rsa2048")))
}

// testKubeVIP tests a virtual IP on the control planes: at the first boot, when its holder is lost while clients write and
// read, and when all three restart at the same time and none of them holds it.
func testKubeVIP(t *testing.T, documents kindling.Documents) {
	c := newCluster(t, documents, nil)
	c.Boot(c.names("")...)
	c.checkCluster()
	c.checkHolder()

	c.loseTheHolder()

	c.powerOff(c.names("control-plane")...)
	c.Boot(c.names("control-plane")...)
	c.checkCluster()
	c.checkHolder()
}

// checkHolder checks that one machine has the virtual IP, and that kube-vip there may do nothing but hold its Lease.
func (c *cluster) checkHolder() {
	c.t.Helper()
	holder := c.holderOf("10.0.0.100")
	kubectl := func(args ...string) (string, error) {
		return c.Exec(holder, append([]string{"kubectl", "--kubeconfig=/etc/kubernetes/kube-vip.conf"}, args...)...)
	}
	if out, err := kubectl("--namespace=kube-system", "get", "lease", "plndr-cp-lock"); err != nil {
		c.t.Errorf("kube-vip cannot read its Lease: %v\n%s", err, out)
	}
	for _, forbidden := range []string{"get nodes", "get secrets", "--namespace=kube-system get secrets", "--namespace=kube-node-lease get leases",
		"--namespace=kube-system get leases", "--namespace=kube-system get lease kube-scheduler", "--namespace=kube-system delete lease plndr-cp-lock",
		"--namespace=kube-system annotate lease kube-scheduler stolen=yes"} {
		if out, err := kubectl(strings.Fields(forbidden)...); err == nil || !strings.Contains(out, "orbidden") {
			c.t.Errorf("kube-vip may: kubectl %s: %v\n%s", forbidden, err, out)
		}
	}
	if paths := c.admin.mustKubectl("--namespace=kube-system", "get", "pod", "kube-vip-"+holder, "--output=jsonpath={.spec.volumes[*].hostPath.path}"); paths != "/etc/kubernetes/kube-vip.conf" {
		c.t.Errorf("kube-vip sees %s", paths)
	}
}
