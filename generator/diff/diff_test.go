package diff_test

import (
	"fmt"
	"io/fs"
	"os"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"kindling/generator"
	"kindling/generator/diff"
	"kindling/generator/lock"
	"kindling/generator/spec"
	"kindling/pki"
	"kindling/pki/store"
)

const base = `apiVersion: kindling/v1alpha1
kind: Cluster
name: demo
kubernetesVersion: v1.37.2
controlPlaneEndpoint: api.demo.test:6443
os: ubuntu
install: {method: preinstalled}
cni: {manifest: none}
extraFiles: [{path: /etc/motd, content: swordfish-one, mode: "0600"}]
nodes:
- {name: cp0, role: control-plane, address: 10.0.0.7}
- {name: cp1, role: control-plane, address: 10.0.0.8}
- {name: cp2, role: control-plane, address: 10.0.0.9}
- {name: w0, role: worker, address: 10.0.0.10}
- {name: w1, role: worker, address: 10.0.0.11}
`

// makeSet generates a set in memory.
func makeSet(t *testing.T, text string) diff.Set {
	t.Helper()
	return makeSetWith(t, text, os.DirFS("../../testdata/clusters"))
}

func makeSetWith(t *testing.T, text string, files fs.FS) diff.Set {
	t.Helper()
	c, problems := spec.Load([]byte(text), spec.Local{Files: files})
	if c == nil {
		t.Fatalf("%v", problems)
	}
	keys := store.Directory("../../testdata/pki/p256")
	bundle := pki.Load(generator.Request(c), keys.Read)
	if err := bundle.Check(time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)); err != nil {
		t.Fatal(err)
	}
	g, err := generator.New(c, bundle, lock.New(nil, nil, nil))
	if err != nil {
		t.Fatal(err)
	}
	set, made := g.Set(), map[string][]byte{}
	for a, err := range set.Artifacts() {
		if err != nil {
			t.Fatal(err)
		}
		made[a.Path] = a.Data
	}
	return diff.Set{Index: set.Index(), Read: func(name string) ([]byte, error) { return made[name], nil }}
}

// TestChanges has changes of cluster.yaml with the field that is named and its class, and the machine that needs the most of it.
func TestChanges(t *testing.T) {
	before := makeSet(t, base)
	add := func(line string) func(string) string {
		return func(s string) string { return strings.Replace(s, "nodes:\n", line+"\nnodes:\n", 1) }
	}
	swap := func(old, new string) func(string) string {
		return func(s string) string { return strings.Replace(s, old, new, 1) }
	}
	for _, test := range []struct {
		change   func(string) string
		field    string
		class    spec.Change
		machines string // the machines whose files need more than nothing
	}{
		{func(s string) string { return s + "\n# a comment\n" }, "", 0, ""},
		{swap("name: demo", "name: other"), "name", spec.Never, "cp0 cp1 cp2 w0 w1"},
		{swap("v1.37.2", "v1.34.4"), "kubernetesVersion", spec.ByHand, "cp0 cp1 cp2 w0 w1"},
		{swap("api.demo.test", "k8s.demo.test"), "controlPlaneEndpoint", spec.Never, "cp0 cp1 cp2 w0 w1"},
		{add("certSANs: [k8s.example.com]"), "certSANs", spec.NextBoot, "cp0 cp1 cp2"},
		{add("imageRepository: registry.example.com/k8s"), "imageRepository", spec.NextBoot, "cp0 cp1 cp2"},
		{add("networking: {podSubnet: 10.244.0.0/16}"), "networking.podSubnet", spec.Never, "cp0 cp1 cp2"},
		{add("networking: {serviceSubnet: 10.97.0.0/16}"), "networking.serviceSubnet", spec.Never, "cp0 cp1 cp2"},
		{add("networking: {dnsDomain: demo.local}"), "networking.dnsDomain", spec.Never, "cp0 cp1 cp2"},
		{add("kubeProxy: {disabled: true}"), "kubeProxy.disabled", spec.ByHand, "cp0 cp1 cp2"},
		{add("kubeProxy: {mode: nftables}"), "kubeProxy.mode", spec.ByHand, "cp0 cp1 cp2"},
		{add("etcd: {dataDir: /data/etcd}"), "etcd.dataDir", spec.Never, "cp0 cp1 cp2"},
		{add("etcd: {initialClusterState: existing}"), "etcd.initialClusterState", spec.Nothing, ""},
		{add("etcd: {bootstrapExpect: 2}"), "etcd.bootstrapExpect", spec.Nothing, ""},
		{add("pki: {certificateValidityPeriod: 4380h}"), "pki.certificateValidityPeriod", spec.NextBoot, "cp0 cp1 cp2"},
		{add("pki: {caCertificateValidityPeriod: 175200h}"), "pki.caCertificateValidityPeriod", spec.Never, ""},
		{add("pki: {algorithm: ECDSA-P384}"), "pki.algorithm", spec.NextBoot, "cp0 cp1 cp2"},
		{add("bootstrapToken: {ttl: 72h}"), "bootstrapToken.ttl", spec.Nothing, ""},
		{add("workerIdentity: token"), "workerIdentity", spec.NextBoot, "cp0 cp1 cp2 w0 w1"},
		{add("loadBalancer: {provider: haproxy, port: 8443}"), "loadBalancer.provider", spec.ByHand, "cp0 cp1 cp2"},
		{add("addons: [{manifest: \"https://example.com/a.yaml\", sha256: 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08}]"), "addons", spec.ByHand, "cp0 cp1 cp2"},
		{swap("cni: {manifest: none}", "cni: {manifest: \"https://example.com/a.yaml\", sha256: 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08}"), "cni.manifest", spec.ByHand, "cp0 cp1 cp2 w0 w1"},
		{add("timeServers: [ntp.example.com]"), "timeServers", spec.NextBoot, "cp0 cp1 cp2 w0 w1"},
		{add("network: {prefixLength: 24, gateway: 10.0.0.1}"), "network.gateway", spec.NextBoot, "cp0 cp1 cp2 w0 w1"},
		{add("network: {prefixLength: 24, gateway: 10.0.0.1}"), "network.prefixLength", spec.NextBoot, "cp0 cp1 cp2 w0 w1"},
		{add("provider: metal"), "provider", spec.Nothing, ""},
		{swap("os: ubuntu", "os: debian"), "os", spec.NextBoot, ""},
		{add("snippets: [{cloudConfig: snippets/users.yaml}]"), "snippets", spec.NextBoot, "cp0 cp1 cp2 w0 w1"},
		{add("proxy: {http: \"http://kindling:swordfish@proxy.example.com:3128\"}"), "proxy.http", spec.NextBoot, "cp0 cp1 cp2 w0 w1"},
		{add("trustedCAFile: trusted/corp-cas.pem"), "trustedCAFile", spec.NextBoot, "cp0 cp1 cp2 w0 w1"},
		{add("networkConfig: on-link/bond.yaml"), "networkConfig", spec.NextBoot, "cp0 cp1 cp2 w0 w1"},
		{add("pxe: {baseURL: \"http://10.0.0.1\"}"), "pxe.baseURL", spec.Nothing, ""},
		{add("registries: {docker.io: {mirrors: [\"https://mirror.example.com\"]}}"), "registries", spec.NextBoot, "cp0 cp1 cp2 w0 w1"},
		{add("kubeletConfiguration: {maxPods: 200}"), "kubeletConfiguration", spec.NextBoot, "cp0 cp1 cp2"},
		{add("featureGates: {NodeSwap: true}"), "featureGates", spec.NextBoot, "cp0 cp1 cp2"},
		{add("extraArgs: {apiServer: [{name: audit-log-maxage, value: \"7\"}]}"), "extraArgs.apiServer", spec.NextBoot, "cp0 cp1 cp2"},
		{add("extraArgs: {scheduler: [{name: v, value: \"4\"}]}"), "extraArgs.scheduler", spec.NextBoot, "cp0 cp1 cp2"},
		{add("extraArgs: {controllerManager: [{name: v, value: \"4\"}]}"), "extraArgs.controllerManager", spec.NextBoot, "cp0 cp1 cp2"},
		{add("extraArgs: {etcd: [{name: snapshot-count, value: \"5000\"}]}"), "extraArgs.etcd", spec.NextBoot, "cp0 cp1 cp2"},
		{add("extraArgs: {kubelet: [{name: v, value: \"4\"}]}"), "extraArgs.kubelet", spec.NextBoot, "cp0 cp1 cp2 w0 w1"},
		{swap("swordfish-one", "swordfish-two"), "extraFiles", spec.NextBoot, "cp0 cp1 cp2 w0 w1"},
		{swap(`mode: "0600"`, `mode: "0640"`), "extraFiles", spec.NextBoot, "cp0 cp1 cp2 w0 w1"},
		{add("extraSteps: [{name: raid, before: runtime, script: echo swordfish}]"), "extraSteps", spec.NextBoot, "cp0 cp1 cp2 w0 w1"},
		{add("sshAuthorizedKeys: [ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl me]"), "sshAuthorizedKeys", spec.NextBoot, "cp0 cp1 cp2 w0 w1"},
		{swap("address: 10.0.0.10", "address: 10.0.0.20"), "nodes[w0].address", spec.NextBoot, "w0"},
		{swap("address: 10.0.0.10", `address: 10.0.0.10, mac: "52:54:00:00:00:10"`), "nodes[w0].mac", spec.Nothing, ""},
		{swap("address: 10.0.0.10", "address: 10.0.0.10, labels: {disk: ssd}"), "nodes[w0].labels", spec.NextBoot, "w0"},
		{swap("address: 10.0.0.10", "address: 10.0.0.10, taints: [{key: a, effect: NoSchedule}]"), "nodes[w0].taints", spec.NextBoot, "w0"},
		{swap("address: 10.0.0.10", "address: 10.0.0.10, os: flatcar"), "nodes[w0].os", spec.NextBoot, "cp0 cp1 cp2 w0"},
		{swap("address: 10.0.0.10", "address: 10.0.0.10, provider: hetzner"), "nodes[w0].provider", spec.Nothing, ""},
		{swap("address: 10.0.0.10", "address: 10.0.0.10, extraArgs: {kubelet: [{name: v, value: \"4\"}]}"), "nodes[w0].extraArgs.kubelet", spec.NextBoot, "w0"},
		{swap("address: 10.0.0.10", "address: 10.0.0.10, extraFiles: [{path: /srv/a, content: swordfish}]"), "nodes[w0].extraFiles", spec.NextBoot, "w0"},
		{swap("address: 10.0.0.10", "address: 10.0.0.10, kubeletConfiguration: {maxPods: 30}"), "nodes[w0].kubeletConfiguration", spec.NextBoot, "w0"},
		{func(s string) string { return s + "- {name: w2, role: worker, address: 10.0.0.12}\n" }, "nodes[w2]", spec.NextBoot, "w2"},
		{swap("- {name: w1, role: worker, address: 10.0.0.11}\n", ""), "nodes[w1]", spec.ByHand, "w1"},
		{swap("name: w1", "name: w2"), "nodes[w2]", spec.NextBoot, "w1 w2"},
	} {
		text := test.change(base)
		after := makeSet(t, text)
		fields := diff.Fields(before.Index, after.Index)
		machines, err := diff.Machines(before, after, fields)
		if err != nil {
			t.Fatal(err)
		}
		found := test.field == "" && len(fields)+len(machines) == 0
		for _, f := range fields {
			found = found || f.Name == test.field && f.Change == test.class
		}
		var names []string
		for _, m := range machines {
			if m.Only != "" || m.Change() > spec.Nothing {
				names = append(names, m.Name)
			}
		}
		said := fmt.Sprintln(fields, machines)
		if got := strings.Join(names, " "); !found || got != test.machines {
			t.Errorf("%s: machines %q, want %q\n%s", test.field, got, test.machines, said)
		}
		if strings.Contains(said, "swordfish") {
			t.Errorf("%s: a secret in %s", test.field, said)
		}
	}
}

// TestChangedContents has local files with the same names and other contents: the fields that name them differ.
func TestChangedContents(t *testing.T) {
	cas, err := os.ReadFile("../../testdata/clusters/trusted/corp-cas.pem")
	if err != nil {
		t.Fatal(err)
	}
	first, _, _ := strings.Cut(string(cas), "-----END")
	files := func(ca, zone, dhcp, manifest string) fs.FS {
		return fstest.MapFS{
			"ca.pem":   {Data: []byte(ca)},
			"own.yaml": {Data: []byte("#cloud-config\ntimezone: " + zone + "\n")},
			"net.yaml": {Data: []byte("version: 2\nethernets: {eth0: {" + dhcp + ": true}}\n")},
			"cni.yaml": {Data: []byte("apiVersion: v1\nkind: Namespace\nmetadata: {name: " + manifest + "}\n")},
		}
	}
	text := strings.Replace(base, "cni: {manifest: none}", "cni: {manifest: cni.yaml}\ntrustedCAFile: ca.pem\nnetworkConfig: net.yaml\nsnippets: [{cloudConfig: own.yaml}]", 1)
	before := makeSetWith(t, text, files(string(cas), "UTC", "dhcp4", "a"))
	for field, other := range map[string]fs.FS{
		"trustedCAFile": files(first+"-----END CERTIFICATE-----\n", "UTC", "dhcp4", "a"),
		"snippets":      files(string(cas), "Europe/Berlin", "dhcp4", "a"),
		"networkConfig": files(string(cas), "UTC", "dhcp6", "a"),
		"cni.manifest":  files(string(cas), "UTC", "dhcp4", "b"),
	} {
		after := makeSetWith(t, text, other)
		fields := diff.Fields(before.Index, after.Index)
		machines, err := diff.Machines(before, after, fields)
		if err != nil {
			t.Fatal(err)
		}
		if len(fields) != 1 || fields[0].Name != field || fields[0].Change < spec.NextBoot {
			t.Errorf("%s: fields %v", field, fields)
		}
		if len(machines) == 0 || machines[0].Change() < spec.NextBoot {
			t.Errorf("%s: machines %v", field, machines)
		}
	}
}
