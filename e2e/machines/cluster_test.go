package machines

import (
	"fmt"
	"maps"
	"net/netip"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"kindling/e2e/firstboot"
	"kindling/e2e/kindling"
	"kindling/e2e/rig"
)

// Where the machines of stacked.yaml are, and the rig's own services among them.
var (
	nameServer    = netip.MustParsePrefix("10.0.0.1/24")
	loadBalancer  = netip.MustParsePrefix("10.0.0.2/24")
	controlPlanes = map[string]netip.Prefix{
		"cp0": netip.MustParsePrefix("10.0.0.7/24"),
		"cp1": netip.MustParsePrefix("10.0.0.8/24"),
		"cp2": netip.MustParsePrefix("10.0.0.9/24"),
	}
	workers = map[string]netip.Prefix{
		"w0": netip.MustParsePrefix("10.0.0.10/24"),
		"w1": netip.MustParsePrefix("10.0.0.11/24"),
	}
)

// TestClusterLives boots every machine at the same time, loses one for good, and then the power of all.
func TestClusterLives(t *testing.T) {
	r := rig.New(t, rig.Current)
	r.ServeNames(nameServer, map[string]netip.Addr{"api.demo.test": loadBalancer.Addr()})
	r.BalanceLoad(loadBalancer, addresses(controlPlanes)...)
	machines := addMachines(t, r)

	r.Boot(machines...)
	checkCluster(t, r, machines)

	// The first machine in the list is as good as any other to lose.
	r.PowerOff("cp0")
	r.Wipe("cp0")
	r.Boot("cp0")
	checkCluster(t, r, machines)

	for _, name := range machines {
		r.PowerOff(name)
	}
	r.Boot(machines...)
	checkCluster(t, r, machines)
}

// checkCluster waits until every machine has done its part, and holds that they are one cluster.
func checkCluster(t *testing.T, r *rig.Rig, machines []string) {
	t.Helper()
	for _, name := range machines {
		eventually(t, 4*time.Minute, name+" is done", func() (string, bool) {
			status, err := statusOf(r, name)
			return fmt.Sprint(status, err), status.State == "done"
		})
	}
	nodes, err := r.Exec("cp1", "kubectl", "--kubeconfig=/etc/kubernetes/admin.conf", "get", "nodes", "--output=name")
	if err != nil || len(strings.Fields(nodes)) != len(machines) {
		t.Errorf("not every machine is a node: %v\n%s", err, nodes)
	}
	eventually(t, time.Minute, "etcd has its three voters", func() (string, bool) {
		members, err := r.Exec("cp1", "kubectl", "--kubeconfig=/etc/kubernetes/admin.conf", "--namespace=kube-system", "exec", "etcd-cp1", "--",
			"etcdctl", "--cacert=/etc/kubernetes/pki/etcd/ca.crt", "--cert=/etc/kubernetes/pki/etcd/peer.crt", "--key=/etc/kubernetes/pki/etcd/peer.key",
			"member", "list")
		return fmt.Sprint(members, err), strings.Count(members, "started") == 3 && strings.Count(members, ", false") == 3
	})
}

// addMachines gives every machine of the cluster its document, and returns their names.
func addMachines(t *testing.T, r *rig.Rig) []string {
	t.Helper()
	source := kindling.Source()
	documents, err := kindling.Generate(t, filepath.Join(source, "testdata/clusters/stacked.yaml"), filepath.Join(source, "testdata/pki/p256"))
	if err != nil {
		t.Fatal(err)
	}
	all := maps.Clone(controlPlanes)
	maps.Copy(all, workers)
	for name, address := range all {
		r.Add(rig.Machine{
			Name:       name,
			Addresses:  []netip.Prefix{address},
			Gateway:    nameServer.Addr(),
			Nameserver: nameServer.Addr(),
			Seed: firstboot.Seed{
				"user-data": documents.File(t, name, "user-data"),
				"meta-data": documents.File(t, name, "meta-data"),
			},
		})
	}
	return slices.Sorted(maps.Keys(all))
}

func addresses(machines map[string]netip.Prefix) []netip.Addr {
	var addresses []netip.Addr
	for _, prefix := range machines {
		addresses = append(addresses, prefix.Addr())
	}
	return addresses
}
