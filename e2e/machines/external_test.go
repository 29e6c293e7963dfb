package machines

import "testing"

// TestExternalEtcd boots the guide's second topology, all machines at the same time.
func TestExternalEtcd(t *testing.T) {
	c := newCluster(t, generate(t, "external.yaml"), nil)
	c.Boot(c.names("")...)
	c.checkCluster()
	c.checkWorkload()
	c.checkTokenIsUnseen()
	c.checkSecretPlaces()
	for _, name := range c.names("") {
		if out, err := c.Exec(name, "test", "!", "-e", "/etc/kubernetes/pki/etcd/ca.key"); err != nil {
			t.Errorf("%s has the key of etcd's CA: %s", name, out)
		}
	}
}

// TestFaultExternalEtcd loses one machine after another, of each kind that keeps the cluster up, and then the power of all
// machines.
func TestFaultExternalEtcd(t *testing.T) {
	c := newCluster(t, generate(t, "external.yaml"), nil)
	c.Boot(c.names("")...)
	c.checkCluster()
	c.wipeUnderLoad("etcd0", "etcd1", "etcd2", "cp1", "lb0")

	c.powerOff(c.names("")...)
	c.Boot(c.names("")...)
	c.checkCluster()
	c.checkWorkload()
}

// wipeUnderLoad gives machines empty disks, one after another, while clients write and read.
func (c *cluster) wipeUnderLoad(names ...string) {
	c.t.Helper()
	id := c.clusterID(c.etcdMembers()[0])
	history := c.underLoad(func() {
		for _, name := range names {
			c.wipe(name)
			c.Boot(name)
			c.checkCluster()
		}
	})
	for _, name := range c.etcdMembers() {
		if now := c.clusterID(name); now != id {
			c.t.Errorf("etcd's cluster was %s, and on %s it is %s", id, name, now)
		}
	}
	c.t.Attr("outcome", history.Summary())
}
