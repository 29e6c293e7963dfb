package plan

import (
	"fmt"
	"strconv"
	"strings"

	"kindling/generator/spec"
	"kindling/pki"
)

// haproxyConfigFile is on machines of role load-balancer, or else on the control planes.
const haproxyConfigFile = etc + "/haproxy.cfg"

// loadBalancerFiles is what a machine with HAProxy has beside the common files. Nothing in it is secret.
func loadBalancerFiles(c *spec.Cluster, n spec.Node, credentials pki.LoadBalancer) ([]File, error) {
	address := n.Addresses()[0].String()
	values := nodeEnv(c, n)
	values.addWindow(credentials.Window)
	values["ADDRESS"] = address
	values["URL_HOST"] = urlHost(address)
	values["PORT"] = strconv.Itoa(c.LoadBalancer.Port)
	files := []File{
		public(etc+"/pki/ca.crt", credentials.CACert),
		public(haproxyConfigFile, haproxyConfig(c, etc+"/pki/ca.crt")),
	}
	if c.LoadBalancer.VirtualIP != "" {
		values["INTERFACE"] = c.LoadBalancer.Interface
		files = append(files, public(etc+"/keepalived.conf", keepalivedConfig(c, n)))
	}
	node, err := values.bytes()
	return append([]File{public(etc+"/node.env", node)}, files...), err
}

// haproxyConfig passes TCP on to those API servers that say, over TLS and under their own names, that they are ready. A
// server that is lost takes its connections with it: or else watches would hang until the kernel gives them up. A new
// connection that it does not take goes to another one.
func haproxyConfig(c *spec.Cluster, ca string) []byte {
	bind := fmt.Sprintf(":%d", c.LoadBalancer.Port)
	if c.ControlPlanes()[0].Addresses()[0].Is6() {
		bind = fmt.Sprintf(":::%d v4v6", c.LoadBalancer.Port)
	}
	var b strings.Builder
	fmt.Fprintf(&b, `global
  log stdout format raw daemon
  user haproxy
  group haproxy
defaults
  mode tcp
  log global
  option log-health-checks
  option redispatch 1
  timeout connect 3s
  timeout check 5s
  timeout client 1h
  timeout server 1h
listen kube-apiserver
  bind %s
  balance roundrobin
  option httpchk GET /readyz
  http-check expect status 200
  default-server check check-ssl verify required ca-file %s inter 2s fastinter 1s fall 2 rise 1 on-marked-down shutdown-sessions
`, bind, ca)
	for _, n := range c.ControlPlanes() {
		fmt.Fprintf(&b, "  server %s %s:6443 verifyhost %[1]s\n", n.Name, urlHost(n.Addresses()[0].String()))
	}
	return []byte(b.String())
}

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
		fmt.Fprintf(&b, "  unicast_peer {\n%s  }\n", peers)
	}
	fmt.Fprintf(&b, "  virtual_ipaddress {\n    %s\n  }\n  track_script {\n    haproxy\n  }\n}\n", c.LoadBalancer.VirtualIP)
	return []byte(b.String())
}
