package spec

import (
	"fmt"
	"strings"
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
}

// TestResolved checks the values that Load computes, for a cluster with as many kinds of nodes as possible.
func TestResolved(t *testing.T) {
	c := load1(t, `apiVersion: kindling/v1alpha1
kind: Cluster
name: demo
kubernetesVersion: v1.36.3
controlPlaneEndpoint: "[fd00::100]:6443"
os: ubuntu
install: {method: packages}
etcd: {topology: external}
loadBalancer: {provider: kube-vip}
cni: {manifest: https://example.com/cni.yaml, sha256: `+strings.Repeat("0a", 32)+`}
addons: [{manifest: ./addon.yaml}]
network: {prefixLength: 64, gateway: "fd00::1"}
extraFiles: [{path: /etc/a, content: ""}]
nodes:
- {name: e0, role: etcd, address: "fd00::21,10.0.0.21", os: flatcar, install: {method: sysext}}
- {name: cp0, role: control-plane, address: "fd00::7,10.0.0.7", os: fedora-coreos, install: {method: binaries}}
- {name: w0, role: worker, address: "fd00::30,10.0.0.30", extraFiles: [{path: /etc/b, content: "", mode: "0750"}]}
- {name: pool, role: worker, count: any, os: rocky, install: {}}
`)
	type values struct {
		Addresses, System, Install string
		Token                      bool
	}
	got := map[string]values{}
	for _, n := range c.Nodes {
		got[n.Name] = values{fmt.Sprint(n.Addresses()), n.System().Name, n.InstallMethod(), n.JoinsWithToken()}
	}
	if diff := cmp.Diff(map[string]values{
		"e0":   {"[fd00::21 10.0.0.21]", "flatcar", "sysext", false},
		"cp0":  {"[fd00::7 10.0.0.7]", "fedora-coreos", "binaries", false},
		"w0":   {"[fd00::30 10.0.0.30]", "ubuntu", "packages", false},
		"pool": {"[]", "rocky", "packages", true},
	}, got); diff != "" {
		t.Error(diff)
	}
	if got, want := c.Version(), (kubernetes.Version{Minor: 36, Patch: 3}); got != want {
		t.Errorf("version %s", got)
	}
	if vip, gateway := c.VirtualIP().String(), c.Network.Gateways()[0].String(); vip != "fd00::100" || gateway != "fd00::1" {
		t.Errorf("virtual IP %s, gateway %s", vip, gateway)
	}
	if cni, addon := c.CNI.Kind(), c.Addons[0].Kind(); cni != RemoteManifest || addon != LocalManifest {
		t.Errorf("CNI of kind %d, addon of kind %d", cni, addon)
	}
	if all, own := c.ExtraFiles[0].Perm(), c.Nodes[2].ExtraFiles[0].Perm(); all != 0o644 || own != 0o750 {
		t.Errorf("modes %o, %o", all, own)
	}
}

// TestResolvedOfTheCluster checks what nodes inherit from the cluster, and what a cluster leaves out.
func TestResolvedOfTheCluster(t *testing.T) {
	c := load1(t, minimal+"workerIdentity: token\ncni: {manifest: none}\nnodes:\n"+
		"- {name: cp0, role: control-plane, address: 10.0.0.7}\n- {name: w0, role: worker, address: 10.0.0.8, os: flatcar}\n")
	if cp, w := c.ControlPlanes()[0], c.Workers()[0]; cp.JoinsWithToken() || !w.JoinsWithToken() || cp.InstallMethod() != "preinstalled" || w.InstallMethod() != "preinstalled" {
		t.Errorf("cp0: %v, %s; w0: %v, %s", cp.JoinsWithToken(), cp.InstallMethod(), w.JoinsWithToken(), w.InstallMethod())
	}
	if c.VirtualIP().IsValid() || c.CNI.Kind() != NoManifest || c.ExternalEtcd() {
		t.Errorf("virtual IP %v, CNI %v, external etcd %v", c.VirtualIP(), c.CNI.Kind(), c.ExternalEtcd())
	}
}

// TestNamedSystems compares the comments with the operating systems that distro knows.
func TestNamedSystems(t *testing.T) {
	docs, err := readComments()
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range distro.Names() {
		system, _ := distro.Lookup(name)
		if named := strings.Contains(docs["Cluster.OS"].meaning, name); named != (system.Format == distro.Ignition) {
			t.Errorf("the comment of os must name those with Ignition; %s: %t", name, named)
		}
		if named := strings.Contains(docs["Install.Method"].fallback, name); named != system.ReadOnlyUsr {
			t.Errorf("the comment of install.method must name those with a read-only /usr; %s: %t", name, named)
		}
	}
}

// TestKeepsSwap: a flag wins over the node's configuration, and that over the cluster's.
func TestKeepsSwap(t *testing.T) {
	c := load1(t, minimal+`cni: {manifest: none}
etcd: {topology: external}
kubeletConfiguration: {failSwapOn: false}
nodes:
- {name: e0, role: etcd, address: 10.0.0.5}
- {name: cp0, role: control-plane, address: 10.0.0.7}
- {name: w0, role: worker, address: 10.0.0.10, kubeletConfiguration: {failSwapOn: true}}
- {name: w1, role: worker, address: 10.0.0.11, extraArgs: {kubelet: [{name: fail-swap-on, value: "true"}]}}
- {name: w2, role: worker, address: 10.0.0.12, kubeletConfiguration: {failSwapOn: true}, extraArgs: {kubelet: [{name: fail-swap-on, value: "true"}, {name: fail-swap-on, value: "false"}]}}
`)
	got := map[string]bool{}
	for _, n := range c.Nodes {
		got[n.Name] = c.KeepsSwap(n)
	}
	if diff := cmp.Diff(map[string]bool{"e0": false, "cp0": true, "w0": false, "w1": false, "w2": true}, got); diff != "" {
		t.Error(diff)
	}
	if c := load1(t, minimal+"cni: {manifest: none}\nnodes:\n- {name: cp0, role: control-plane, address: 10.0.0.7}\n"); c.KeepsSwap(c.Nodes[0]) {
		t.Error("by default")
	}
}
