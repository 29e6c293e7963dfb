package plan

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"

	"kindling/generator/internal/node"
	"kindling/generator/internal/plan/part"
	"kindling/generator/internal/staticpod"
	"kindling/generator/spec"
	"kindling/pki"
	"kindling/templates/step"
)

// haproxyConfigFile is on machines of role load-balancer, or else on the control planes.
const haproxyConfigFile = part.Etc + "/haproxy.cfg"

// haproxyMachine is HAProxy on a machine of its own and, where several share a virtual IP, keepalived. Nothing about it is secret.
func haproxyMachine(m machine, own pki.LoadBalancer) part.Part {
	const ca = part.Etc + "/pki/ca.crt"
	p := part.Part{
		Steps: []step.Step{step.LoadBalancer}, Shell: []string{"loadbalancer/load-balancer.sh"},
		Programs: []string{"haproxy", "curl"},
		Env: map[string]string{
			"ADDRESS":  m.Addresses()[0].String(),
			"URL_HOST": urlHost(m.Node),
			"PORT":     strconv.Itoa(m.cluster.LoadBalancer.Port),
		},
		Files: []node.File{
			node.Issued(ca, own.CACert),
			node.Public(haproxyConfigFile, haproxyConfig(m.cluster, ca)),
		},
	}
	if m.cluster.VirtualIP().IsValid() {
		p.Env["INTERFACE"] = m.cluster.LoadBalancer.Interface
		p.Files = append(p.Files, node.Public(part.Etc+"/keepalived.conf", keepalivedConfig(m.cluster, m.Node)))
	}
	return p
}

// haproxyPod is HAProxy in a static pod on every control plane.
func haproxyPod(m machine) part.Part {
	if !m.cluster.BalancesOnControlPlanes() {
		return part.Part{}
	}
	const ca = part.PKI + "/ca.crt"
	pod, err := staticpod.HAProxy(cmp.Or(m.cluster.Images.HAProxy, staticpod.HAProxyImage), haproxyConfigFile, ca)
	return part.Part{
		Steps: []step.Step{step.HAProxy}, Shell: []string{"loadbalancer/haproxy.sh", "loadbalancer/static-pod.sh"},
		Env: map[string]string{"PORT": strconv.Itoa(m.cluster.LoadBalancer.Port)},
		Files: []node.File{
			node.Public(haproxyConfigFile, haproxyConfig(m.cluster, ca)),
			node.Public(part.Etc+"/haproxy.yaml", pod),
		},
		Err: err,
	}
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
		fmt.Fprintf(&b, "  server %s %s:6443 verifyhost %[1]s\n", n.Name, urlHost(n))
	}
	return []byte(b.String())
}
