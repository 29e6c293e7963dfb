package documents

import (
	"context"
	"maps"
	"sync"
	"testing"
)

const (
	haproxyConfig    = "/etc/kindling/haproxy.cfg"
	keepalivedConfig = "/etc/kindling/keepalived.conf"
)

var loadBalancerChecks = map[string]string{
	haproxyConfig:    "/usr/sbin/haproxy -c -f " + haproxyConfig,
	keepalivedConfig: "ip link add eth7 type veth peer eth8; sed 's/@INTERFACE@/eth7/' " + keepalivedConfig + " >/run/keepalived.conf; /usr/sbin/keepalived -t -f /run/keepalived.conf",
}

// checked counts the configs that HAProxy and keepalived have checked.
var checked = struct {
	sync.Mutex
	configs map[string]int
}{configs: map[string]int{}}

// checkLoadBalancer has HAProxy and keepalived check a machine's configs for them.
func checkLoadBalancer(t *testing.T, m machine) {
	for config, command := range loadBalancerChecks {
		if _, ok := m.boot.Tree[config]; !ok {
			continue
		}
		if out, err := m.boot.Sandbox.Inside(context.Background(), command); err != nil {
			t.Errorf("%s: %v\n%s", config, err, out)
		}
		checked.Lock()
		checked.configs[config]++
		checked.Unlock()
	}
}

func checkLoadBalancersWereChecked(t *testing.T) {
	t.Helper()
	if want := map[string]int{haproxyConfig: 9, keepalivedConfig: 4}; !maps.Equal(checked.configs, want) {
		t.Errorf("checked %v, want %v", checked.configs, want)
	}
}
