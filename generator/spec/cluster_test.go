package spec

import (
	"net/netip"
	"reflect"
	"slices"
	"testing"

	"kindling/generator/internal/distro"
	"kindling/generator/internal/kubernetes"

	"github.com/google/go-cmp/cmp"
)

func names(nodes []Node) []string {
	var names []string
	for _, n := range nodes {
		names = append(names, n.Name)
	}
	return names
}

func TestNodesByRole(t *testing.T) {
	external, stacked := load1(t, string(samples(t, "clusters/external.yaml")["external"])), load1(t, string(samples(t, "clusters/stacked.yaml")["stacked"]))
	for name, test := range map[string]struct{ got, want []string }{
		"control planes":   {names(external.ControlPlanes()), []string{"cp0", "cp1", "cp2"}},
		"workers":          {names(external.Workers()), []string{"pool"}},
		"load balancers":   {names(external.LoadBalancers()), []string{"lb0"}},
		"external members": {names(external.EtcdMembers()), []string{"etcd0", "etcd1", "etcd2"}},
		"stacked members":  {names(stacked.EtcdMembers()), []string{"cp0", "cp1", "cp2"}},
	} {
		if diff := cmp.Diff(test.want, test.got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	if got := external.NodeIdentity(external.Workers()[0]); got != "token" {
		t.Errorf("identity of count: any is %s", got)
	}
	if got := stacked.NodeIdentity(stacked.Workers()[0]); got != "node-certificate" {
		t.Errorf("identity of a worker is %s", got)
	}
}

func TestClusterValues(t *testing.T) {
	c := &Cluster{KubernetesVersion: "v1.36.3", ControlPlaneEndpoint: "[fd00::1]:6443"}
	if got := c.Version(); got != (kubernetes.Version{Minor: 36, Patch: 3}) {
		t.Errorf("version %v", got)
	}
	if host, port := c.EndpointHostPort(); host != "fd00::1" || port != "6443" {
		t.Errorf("endpoint %s, %s", host, port)
	}
	want := []netip.Addr{netip.MustParseAddr("10.0.0.7"), netip.MustParseAddr("fd00::7")}
	if got := (Node{Address: "10.0.0.7,fd00::7"}).Addresses(); !slices.Equal(got, want) {
		t.Errorf("addresses %v", got)
	}
	if got := (Node{Count: CountAny}).Addresses(); got != nil {
		t.Errorf("addresses %v", got)
	}
}

func TestNodeInstall(t *testing.T) {
	own := &Install{Method: "sysext"}
	for _, test := range []struct {
		cluster Cluster
		node    Node
		want    string
	}{
		{Cluster{OS: "ubuntu"}, Node{}, "packages"},
		{Cluster{OS: "ubuntu"}, Node{OS: "flatcar"}, "binaries"},
		{Cluster{OS: "flatcar"}, Node{}, "binaries"},
		{Cluster{OS: "flatcar"}, Node{OS: "rocky"}, "packages"},
		{Cluster{OS: "flatcar", Install: Install{Method: "preinstalled"}}, Node{}, "preinstalled"},
		{Cluster{OS: "flatcar", Install: Install{Method: "preinstalled"}}, Node{Install: own}, "sysext"},
		{Cluster{OS: "flatcar", Install: Install{Method: "preinstalled"}}, Node{Install: &Install{}}, "preinstalled"},
	} {
		if got := test.cluster.NodeInstall(test.node); got.Method != test.want {
			t.Errorf("%+v, %+v: %s, want %s", test.cluster.Install, test.node, got.Method, test.want)
		}
	}
}

// TestListedSystems holds that the tags list the operating systems that distro knows.
func TestListedSystems(t *testing.T) {
	for typ, fs := range map[string]fields{"Cluster": fieldsOf(reflect.TypeFor[Cluster]()), "Node": fieldsOf(reflect.TypeFor[Node]())} {
		if diff := cmp.Diff(distro.Names(), fs.byName["os"].enum); diff != "" {
			t.Errorf("%s: %s", typ, diff)
		}
	}
}
