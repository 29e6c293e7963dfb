package plan

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestKeepalivedPeers has what keepalived refuses: a source address of unicast without peers, and one of another family than the
// virtual IP.
func TestKeepalivedPeers(t *testing.T) {
	const controlPlane = "loadBalancer: {provider: haproxy}\nnodes:\n- {name: cp0, role: control-plane, address: "
	for name, test := range map[string]struct {
		lines string
		want  []string
	}{
		"one alone": {controlPlane + "10.0.0.7}\n- {name: lb0, role: load-balancer, address: 10.0.0.5}\n", nil},
		"two": {controlPlane + "10.0.0.7}\n- {name: lb0, role: load-balancer, address: 10.0.0.5}\n- {name: lb1, role: load-balancer, address: 10.0.0.6}\n",
			[]string{"unicast_src_ip 10.0.0.5", "10.0.0.6"}},
		"IPv6 first, and an IPv4 virtual IP": {controlPlane + "\"fd00::7,10.0.0.7\"}\n- {name: lb0, role: load-balancer, address: \"fd00::5,10.0.0.5\"}\n- {name: lb1, role: load-balancer, address: \"fd00::6,10.0.0.6\"}\n",
			[]string{"unicast_src_ip 10.0.0.5", "10.0.0.6"}},
	} {
		t.Run(name, func(t *testing.T) {
			c := load(t, test.lines)
			var got []string
			inPeers := false
			for line := range strings.Lines(string(keepalivedConfig(c, c.LoadBalancers()[0]))) {
				line = strings.TrimSpace(line)
				switch {
				case strings.HasPrefix(line, "unicast_src_ip"), inPeers && line != "}":
					got = append(got, line)
				}
				inPeers = line == "unicast_peer {" || inPeers && line != "}"
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
