package documents

import (
	"context"
	"testing"

	"kindling/e2e/internal/firstboot"
	"kindling/e2e/internal/kindling"
)

const (
	haproxyConfig    = "/etc/kindling/haproxy.cfg"
	keepalivedConfig = "/etc/kindling/keepalived.conf"
)

// TestLoadBalancersAcceptTheirConfigs has HAProxy and keepalived look at what each load balancer is given.
func TestLoadBalancersAcceptTheirConfigs(t *testing.T) {
	checked := map[string]int{}
	for _, spec := range []string{"external", "haproxy", "haproxy-pods"} {
		documents, err := kindling.Generate(t, samples+"/"+spec+".yaml", testPKI)
		if err != nil {
			t.Fatal(err)
		}
		for _, node := range documents.Nodes(t) {
			boot := firstboot.Ignition(t, documents.Document(t, node, kindling.Ignition))
			for config, command := range map[string]string{
				haproxyConfig:    "/usr/sbin/haproxy -c -f " + haproxyConfig,
				keepalivedConfig: "ip link add eth7 type veth peer eth8; sed 's/@INTERFACE@/eth7/' " + keepalivedConfig + " >/run/keepalived.conf; /usr/sbin/keepalived -t -f /run/keepalived.conf",
			} {
				if _, ok := boot.Tree[config]; !ok {
					continue
				}
				checked[config]++
				if out, err := boot.Sandbox.Inside(context.Background(), command); err != nil {
					t.Errorf("%s of %s: %v\n%s", config, node, err, out)
				}
			}
		}
	}
	if checked[haproxyConfig] != 6 || checked[keepalivedConfig] != 2 {
		t.Errorf("it looked at %v", checked)
	}
}
