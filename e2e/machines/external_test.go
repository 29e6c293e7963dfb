package machines

import "testing"

// TestExternalEtcd boots the guide's second topology, every machine at the same time, and then loses a machine of each kind
// that keeps the cluster up, while clients write and read.
func TestExternalEtcd(t *testing.T) {
	c := newCluster(t, generate(t, "external.yaml"), nil)
	c.Boot(c.names("")...)
	c.checkCluster()
	c.checkWorkload()
	c.checkTokenIsUnseen()
	for _, name := range c.names("") {
		if out, err := c.Exec(name, "test", "!", "-e", "/etc/kubernetes/pki/etcd/ca.key"); err != nil {
			t.Errorf("%s has the key of etcd's CA: %s", name, out)
		}
	}

	id := c.clusterID("etcd0")
	history := c.underLoad(func() {
		for _, name := range []string{"etcd1", "cp1", "lb0"} {
			c.wipe(name)
			c.Boot(name)
			c.checkCluster()
		}
	})
	if now := c.clusterID("etcd1"); now != id {
		t.Errorf("etcd's cluster was %s, and is %s", id, now)
	}
	t.Attr("outcome", history.Summary())

	c.powerOff(c.names("")...)
	c.Boot(c.names("")...)
	c.checkCluster()
	c.checkWorkload()
}
