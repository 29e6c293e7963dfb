package networkconfig

import (
	"net/netip"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestRead(t *testing.T) {
	for name, test := range map[string]struct{ text, want string }{
		"version 1":    {"version: 1\nconfig: [{type: physical, name: eth0}]\n", ""},
		"version 2":    {"version: 2\nethernets: {eth0: {dhcp4: true}}\n", ""},
		"version text": {"version: \"2\"\n", ""},
		"no YAML":      {"version: [2\n", "is not a network-config: error converting YAML to JSON: yaml: line 1: did not find expected ',' or ']'"},
		"a list":       {"- version: 2\n", "is not a network-config: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal array into Go value of type map[string]interface {}"},
		"empty":        {"", "does not say `version: 1` or `version: 2`"},
		"version 3":    {"version: 3\n", "does not say `version: 1` or `version: 2`"},
		"wrapped":      {"network: {version: 2}\n", "has the key network around its content, which not every cloud-init takes; begin with version"},
		"no config":    {"version: 1\nethernets: {}\n", "has no list config, of which version 1 consists"},
	} {
		got := ""
		if _, err := Read([]byte(test.text)); err != nil {
			got = err.Error()
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestAddresses(t *testing.T) {
	config, err := Read([]byte("version: 2\nvlans: {v5: {id: 5, link: bond0, addresses: [10.0.0.7/24, \"fd00:0::7/64\"]}}\nbonds: {bond0: {interfaces: [a, b]}}\n"))
	if err != nil {
		t.Fatal(err)
	}
	for address, want := range map[string]bool{"10.0.0.7": true, "fd00::7": true, "10.0.0.70": false, "10.0.0.8": false} {
		if got := config.Has(netip.MustParseAddr(address)); got != want {
			t.Errorf("%s: %v", address, got)
		}
	}
	if config.DHCP() {
		t.Error("DHCP")
	}
	for _, text := range []string{"version: 1\nconfig: [{type: physical, name: a, subnets: [{type: dhcp}]}]\n", "version: 2\nethernets: {a: {dhcp6: true}}\n"} {
		if config, _ := Read([]byte(text)); !config.DHCP() {
			t.Errorf("no DHCP in %q", text)
		}
	}
}
