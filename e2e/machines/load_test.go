package machines

import (
	"strings"
	"time"

	"kindling/e2e/internal/load"
)

// underLoad does something while clients write and read through the load balancer, and checks that no acknowledged write was
// lost and no read was stale.
func (c *cluster) underLoad(do func()) *load.History {
	c.t.Helper()
	work, err := load.Start(c.admin.client, "https://"+c.endpoint, "default")
	if err != nil {
		c.t.Fatal(err)
	}
	time.Sleep(3 * time.Second)
	do()
	time.Sleep(3 * time.Second)
	history := work.Stop()
	c.t.Log(history.Summary())
	if err := history.Check(); err != nil {
		c.t.Error(err)
	}
	return history
}

// leader returns the control plane whose etcd is the leader.
func (c *cluster) leader() string {
	c.t.Helper()
	for _, name := range c.etcdMembers() {
		// ENDPOINT, ID, VERSION, STORAGE VERSION, DB SIZE, IN USE, PERCENTAGE NOT IN USE, QUOTA, IS LEADER, ...
		status, err := c.etcdctl(name, "endpoint", "status")
		if err != nil {
			c.t.Fatalf("%v: %s", err, status)
		}
		if fields := strings.Split(status, ", "); len(fields) > 8 && (fields[4] == "true" || fields[8] == "true") {
			return name
		}
	}
	c.t.Fatal("etcd has no leader")
	return ""
}

// clusterID returns the ID of etcd's cluster, as a control plane reports it.
func (c *cluster) clusterID(name string) string {
	c.t.Helper()
	list, err := c.etcdctl(name, "member", "list", "--write-out=fields")
	if err != nil {
		c.t.Fatalf("%v: %s", err, list)
	}
	_, id, _ := strings.Cut(list, `"ClusterID" : `)
	id, _, _ = strings.Cut(id, "\n")
	return id
}
