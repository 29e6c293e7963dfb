package plan

import (
	"fmt"
	"strings"

	"kindling/generator/spec"
)

// keepalivedConfig has the virtual IP on the first of the load balancers whose HAProxy runs (VRRP, RFC 5798). They tell each
// other by unicast, since many networks have no multicast.
func keepalivedConfig(c *spec.Cluster, n spec.Node) []byte {
	var b strings.Builder
	priority, peers := 0, ""
	for i, other := range c.LoadBalancers() {
		if other.Name == n.Name {
			priority = 200 - i
			continue
		}
		peers += "    " + other.Addresses()[0].String() + "\n"
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
  unicast_src_ip %s
`, c.LoadBalancer.VirtualRouterID, priority, n.Addresses()[0])
	if peers != "" {
		fmt.Fprintf(&b, "  unicast_peer {\n%s  }\n  check_unicast_src\n", peers)
	}
	fmt.Fprintf(&b, "  virtual_ipaddress {\n    %s\n  }\n  track_script {\n    haproxy\n  }\n}\n", c.LoadBalancer.VirtualIP)
	return []byte(b.String())
}
