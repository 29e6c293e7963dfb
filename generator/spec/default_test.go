package spec

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"kindling/generator/internal/yamlfile"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// fieldsOnly ignores values that Load computes from the fields.
var fieldsOnly = cmpopts.IgnoreUnexported(Cluster{}, Network{}, Manifest{}, File{}, Node{}, Patches{}, Proxy{}, Registry{}, Secrets{}, Snippet{})

const oneNode = "nodes:\n- {name: cp0, role: control-plane, address: 10.0.0.7}\n"

func TestDefaults(t *testing.T) {
	day := Duration(24 * time.Hour)
	defaults := func(change func(c *Cluster)) *Cluster {
		c := &Cluster{
			APIVersion: APIVersion, Kind: Kind, Name: "demo", KubernetesVersion: "v1.37.2", ControlPlaneEndpoint: "api.demo.test:6443", OS: "ubuntu", Install: Install{Method: "preinstalled"},
			ImageRepository: "registry.k8s.io",
			Networking:      Networking{PodSubnet: "192.168.0.0/16", ServiceSubnet: "10.96.0.0/12", DNSDomain: "cluster.local"},
			Etcd:            Etcd{Topology: "stacked", DataDir: "/var/lib/etcd", InitialClusterState: "new", BootstrapExpect: 1},
			PKI: PKI{
				Algorithm: "ECDSA-P256", CAKeys: "control-plane",
				CertificateValidityPeriod: 365 * day, CACertificateValidityPeriod: 3650 * day,
			},
			Secrets:           Secrets{Delivery: "inline"},
			BootstrapToken:    BootstrapToken{TTL: &day},
			WorkerIdentity:    "node-certificate",
			LoadBalancer:      LoadBalancer{Provider: "external"},
			CNI:               Manifest{Manifest: "none"},
			MetadataAddresses: []string{"169.254.169.254", "fd00:ec2::254"},
			Nodes:             []Node{{Name: "cp0", Role: ControlPlane, Address: "10.0.0.7"}},
		}
		change(c)
		return c
	}
	for name, test := range map[string]struct {
		source string
		want   *Cluster
	}{
		"all": {minimal + oneNode, defaults(func(c *Cluster) {})},
		"IPv6": {minimal + "nodes:\n- {name: cp0, role: control-plane, address: \"fd00::7\"}\n", defaults(func(c *Cluster) {
			c.Networking.PodSubnet, c.Networking.ServiceSubnet = "fd00:10:244::/56", "fd00:10:96::/112"
			c.Nodes[0].Address = "fd00::7"
		})},
		"dual stack, IPv6 first": {minimal + "nodes:\n- {name: cp0, role: control-plane, address: \"fd00::7,10.0.0.7\"}\n", defaults(func(c *Cluster) {
			c.Networking.PodSubnet, c.Networking.ServiceSubnet = "fd00:10:244::/56,192.168.0.0/16", "fd00:10:96::/112,10.96.0.0/12"
			c.Nodes[0].Address = "fd00::7,10.0.0.7"
		})},
		"pods may ask the metadata service": {minimal + "metadataAddresses: []\n" + oneNode, defaults(func(c *Cluster) { c.MetadataAddresses = []string{} })},
		"token that never expires": {minimal + "bootstrapToken: {ttl: 0s}\n" + oneNode, defaults(func(c *Cluster) {
			c.BootstrapToken.TTL = new(Duration)
		})},
		"kube-vip on the endpoint's address": {strings.Replace(minimal, "api.demo.test:6443", "10.0.0.100:6443", 1) +
			"loadBalancer: {provider: kube-vip}\n" + oneNode, defaults(func(c *Cluster) {
			c.ControlPlaneEndpoint = "10.0.0.100:6443"
			c.LoadBalancer = LoadBalancer{Provider: "kube-vip", VirtualIP: "10.0.0.100", Port: 6443, VirtualRouterID: 51}
		})},
		"files and MAC addresses": {minimal + `extraFiles: [{path: /etc/a, content: ""}]
nodes:
- {name: cp0, role: control-plane, address: 10.0.0.7, mac: 52-54-00-00-00-AB, extraFiles: [{path: /etc/b, source: b}]}
`, defaults(func(c *Cluster) {
			c.ExtraFiles = []File{{Path: "/etc/a", Mode: "0644"}}
			c.Nodes[0].MAC = "52:54:00:00:00:ab"
			c.Nodes[0].ExtraFiles = []File{{Path: "/etc/b", Mode: "0644", Source: "b"}}
		})},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, load1(t, test.source), fieldsOnly); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

// TestTaggedDefaults compares the defaults in the tags, which the schema and the reference show, with those that Load fills in.
func TestTaggedDefaults(t *testing.T) {
	values := map[string]string{}
	for _, more := range []string{"loadBalancer: {provider: kube-vip, virtualIP: 10.0.0.100}\n", "extraFiles: [{path: /etc/a, content: \"\"}]\n"} {
		text, err := json.Marshal(load1(t, minimal+more+oneNode))
		if err != nil {
			t.Fatal(err)
		}
		var fields any
		if err := json.Unmarshal(text, &fields); err != nil {
			t.Fatal(err)
		}
		addValues(values, "", fields)
	}
	for _, s := range yamlfile.Sections(reflect.TypeFor[Cluster]()) {
		for _, f := range yamlfile.FieldsOf(s.Type) {
			place := strings.TrimPrefix(s.Places[0]+"."+f.Name, ".")
			if got := values[place]; f.Default != "" && got != f.Default {
				t.Errorf("%s is %q, and its tag says %q", place, got, f.Default)
			}
		}
	}
}

// addValues adds all scalars in a decoded JSON value by their places.
func addValues(values map[string]string, place string, value any) {
	switch value := value.(type) {
	case map[string]any:
		for name, field := range value {
			addValues(values, strings.TrimPrefix(place+"."+name, "."), field)
		}
	case []any:
		for _, item := range value {
			addValues(values, place+"[]", item)
		}
	default:
		values[place] = fmt.Sprint(value)
	}
}

// TestDefaultsOfOldVersions has the defaults that old versions need.
func TestDefaultsOfOldVersions(t *testing.T) {
	for version, want := range map[string][2]string{
		"v1.11.10": {"RSA-2048", "token"},
		"v1.13.12": {"RSA-2048", "token"},
		"v1.14.10": {"RSA-2048", "node-certificate"},
		"v1.21.14": {"RSA-2048", "node-certificate"},
		"v1.22.17": {"ECDSA-P256", "node-certificate"},
	} {
		c := load1(t, `{apiVersion: kindling/v1alpha1, kind: Cluster, name: old, os: ubuntu, install: {method: preinstalled}, controlPlaneEndpoint: "a:1", kubernetesVersion: `+version+
			`, nodes: [{name: cp0, role: control-plane, address: 10.0.0.7}]}`)
		if got := [2]string{c.PKI.Algorithm, c.WorkerIdentity}; got != want {
			t.Errorf("%s: %v, want %v", version, got, want)
		}
	}
}

func TestDuration(t *testing.T) {
	for text, want := range map[string]string{"8760h": "8760h", "90s": "1m30s", "1h30m": "1h30m", "0": "0s", "60m": "1h", "10h0m1s": "10h0m1s"} {
		var d Duration
		if err := json.Unmarshal([]byte(`"`+text+`"`), &d); err != nil {
			t.Errorf("%s: %v", text, err)
		}
		if got, err := json.Marshal(d); string(got) != `"`+want+`"` || err != nil {
			t.Errorf("%s: %s, %v", text, got, err)
		}
	}
}
