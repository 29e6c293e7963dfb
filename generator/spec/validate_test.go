package spec

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestValidateAllows has specs that look odd but are valid, with their warnings. Invalid ones are in testdata/invalid.
func TestValidateAllows(t *testing.T) {
	nodes := func(controlPlanes int, more ...string) string {
		var b strings.Builder
		b.WriteString("nodes:\n")
		for i := range controlPlanes {
			fmt.Fprintf(&b, "- {name: cp%d, role: control-plane, address: 10.0.0.%d}\n", i, i+1)
		}
		for _, node := range more {
			b.WriteString("- " + node + "\n")
		}
		return b.String()
	}
	with := func(lines string) string { return minimal + "cni: {manifest: none}\n" + lines }
	at := func(endpoint, lines string) string {
		return strings.Replace(with(lines), "api.demo.test:6443", endpoint, 1)
	}
	for name, test := range map[string]struct{ source, warnings string }{
		"one control plane at the endpoint": {at("10.0.0.1:6443", nodes(1)), ""},
		"three of them, one at the endpoint": {at("10.0.0.1:6443", nodes(3)),
			"5:23: warning: controlPlaneEndpoint: is the address of cp0: if that machine fails, nobody can reach the other control planes; use a load balancer or a virtual IP"},
		"IPv6 endpoint":      {at(`"[fd00::1]:443"`, nodes(1)), ""},
		"no pod network":     {minimal + nodes(1), "1:1: warning: cni: no pod network: nodes stay NotReady until you apply one; write `cni: {manifest: none}` if that is what you want"},
		"local pod network":  {minimal + "cni: {manifest: ./cni.yaml}\n" + nodes(1), ""},
		"remote pod network": {minimal + "cni: {manifest: https://example.com/cni.yaml, sha256: " + strings.Repeat("0a", 32) + "}\n" + nodes(1), ""},
		"majority": {with("etcd: {bootstrapExpect: 2}\n" + nodes(3)),
			"9:25: warning: etcd.bootstrapExpect: with 2 of 3 members a second cluster can form: if the machines that have the data are silent while 2 others are blank, those form a new cluster without the data"},
		"all members":                            {with("etcd: {bootstrapExpect: 3}\n" + nodes(3)), ""},
		"even control planes with external etcd": {with("etcd: {topology: external}\n" + nodes(2, "{name: e0, role: etcd, address: 10.0.0.9}")), ""},
		"pod range for fewer nodes": {with("networking: {podSubnet: 10.244.0.0/23}\n" + nodes(3)),
			"9:25: warning: networking.podSubnet: 10.244.0.0/23 has a /24 for each of 2 nodes, but there are 3: the others get no pod addresses unless the pod network assigns them itself; choose a larger range"},
		"node mask of its own":                     {with("networking: {podSubnet: 10.244.0.0/24}\nextraArgs: {controllerManager: [{name: node-cidr-mask-size, value: \"26\"}]}\n" + nodes(3)), ""},
		"VIP of HAProxy machines":                  {at("10.0.0.100:6443", "loadBalancer: {provider: haproxy}\n"+nodes(1, "{name: lb0, role: load-balancer, address: 10.0.0.9}")), ""},
		"HAProxy at the endpoint":                  {at("10.0.0.9:6443", "loadBalancer: {provider: haproxy}\n"+nodes(3, "{name: lb0, role: load-balancer, address: 10.0.0.9}")), ""},
		"no os for all, but each has its own":      {strings.Replace(with(nodes(0, "{name: cp0, role: control-plane, address: 10.0.0.7, os: rocky}")), "os: ubuntu\n", "", 1), ""},
		"packages, and another method for flatcar": {strings.Replace(with(nodes(1, "{name: w0, role: worker, address: 10.0.0.9, os: flatcar, install: {method: binaries}}")), "preinstalled", "packages", 1), ""},
		"labels that a kubelet may set": {with(nodes(1, `{name: w0, role: worker, address: 10.0.0.9, labels: {a: "", topology.kubernetes.io/zone: z, node.kubernetes.io/pool: p,
  x.node.kubernetes.io/y: z, kubelet.kubernetes.io/z: z, example.com/A_b.c: D}}`)), ""},
		"a long name": {with(nodes(1, "{name: "+strings.Repeat("n", 63)+".rack1, role: worker, address: 10.0.0.9}")),
			"11:10: warning: nodes[1].name: has 69 characters, but a Linux host name has at most 64: the machine's host name will differ from its Node's name"},
		"a proxy for http":         {with("proxy: {http: \"http://proxy.lab\"}\n" + nodes(1)), ""},
		"an issuer past the proxy": {with("proxy: {https: \"http://proxy.lab\", noProxy: [.corp.example]}\nextraArgs: {apiServer: [{name: oidc-issuer-url, value: \"https://login.corp.example\"}, {name: oidc-client-id, value: kubernetes}]}\n" + nodes(1)), ""},
		"an issuer that may be beyond it": {with("proxy: {https: \"http://proxy.lab\", noProxy: [.corp.example, 10.0.0.0/8]}\nextraArgs: {apiServer: [{name: oidc-issuer-url, value: \"https://corp.example/x\"}, {name: oidc-client-id, value: kubernetes}]}\n" + nodes(1)),
			"10:56: warning: extraArgs.apiServer[0].value: the API server asks \"corp.example\" directly: add that to proxy.noProxy or, if only the proxy leads there, give kube-apiserver the proxy's variables by a patch"},
		"a proxy for all, on each machine, and what goes past it": {with("proxy: {http: \"http://localhost:3128/\", https: \"HTTPS://me:a%40b!c@[::1]:443\", noProxy: [lab, .lab, x.corp.example, 10.0.0.0/8, 10.9.9.9, localhost, 127.0.0.1, \"fd00::/8\", \"fd00::9\"]}\n" + nodes(1)), ""},
		"static network":               {with("network: {prefixLength: 24, gateway: 10.0.0.254}\n" + nodes(3, "{name: pool, role: worker, count: any}")), ""},
		"token identity for count any": {with("workerIdentity: node-certificate\n" + nodes(1, "{name: pool, role: worker, count: any}")), ""},
	} {
		t.Run(name, func(t *testing.T) {
			c, problems := Load([]byte(test.source), Local{})
			if c == nil {
				t.Error("is refused")
			}
			if diff := cmp.Diff(test.warnings, problems.Error()); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}
