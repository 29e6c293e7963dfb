package plan

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"kindling/generator/spec"
)

// keepalivedConfig has the virtual IP on the first of the load balancers whose HAProxy runs (VRRP, RFC 5798). They tell each
// other by unicast, since many networks have no multicast, and in the family of the virtual IP, as keepalived wants it. One alone has
// nobody to tell.
func keepalivedConfig(c *spec.Cluster, n spec.Node) []byte {
	ofFamily := func(n spec.Node) netip.Addr {
		addresses := n.Addresses()
		return addresses[slices.IndexFunc(addresses, func(a netip.Addr) bool { return a.Is4() == c.VirtualIP().Is4() })]
	}
	var b strings.Builder
	priority, peers := 0, ""
	for i, other := range c.LoadBalancers() {
		if other.Name == n.Name {
			priority = 200 - i
			continue
		}
		peers += "    " + ofFamily(other).String() + "\n"
	}
	fmt.Fprintf(&b, `global_defs {
  enable_script_security
  script_user root
}
vrrp_script haproxy {
  script "/bin/systemctl is-active --quiet haproxy.service"
  interval 1
  fall 2
  rise 2
}
vrrp_instance kube_apiserver {
  state BACKUP
  nopreempt
  interface @INTERFACE@
  virtual_router_id %d
  priority %d
  advert_int 1
`, c.LoadBalancer.VirtualRouterID, priority)
	if peers != "" {
		fmt.Fprintf(&b, "  unicast_src_ip %s\n  unicast_peer {\n%s  }\n  check_unicast_src\n", ofFamily(n), peers)
	}
	fmt.Fprintf(&b, "  virtual_ipaddress {\n    %s\n  }\n  track_script {\n    haproxy\n  }\n}\n", c.LoadBalancer.VirtualIP)
	return []byte(b.String())
}
