package specgen

import (
	"fmt"
	"strings"
)

// blocks are the networks that machines can be in, none of which any range of pods or Services meets.
var blocks = []struct{ four, six string }{{"10.0.0.%d", "fd00::%x"}, {"172.31.255.%d", "FD00:0:0::0:%04X"}, {"100.64.0.%d", "2001:db8:ffff:ffff::%x"}, {"1.1.2.%d", "fd12:3456:789a:1::f:%x"}}

func (m *maker) address(number, family int) string {
	if block := blocks[m.block]; family == 4 {
		return fmt.Sprintf(block.four, number)
	} else {
		return fmt.Sprintf(block.six, number)
	}
}

// roles chooses the machines.
func (m *maker) roles(external bool) {
	add := func(role, prefix string, count int) {
		for i := range count {
			n := machine{name: m.nodeName(prefix, i), role: role}
			n.os = pick(&m.stream, "ubuntu", "ubuntu", "debian", "rocky", "alma", "opensuse", "flatcar", "fedora-coreos")
			m.nodes = append(m.nodes, n)
		}
	}
	members := pick(&m.stream, 1, 1, 3, 3, 5)
	if external {
		add("etcd", "etcd", members)
		members = 1 + m.below(3)
	}
	add("control-plane", "cp", members)
	if m.one(4) {
		add("load-balancer", "lb", 1+m.below(2))
	}
	add("worker", "w", m.below(3))
	if m.one(3) {
		add("worker", "pool", 1)
		m.nodes[len(m.nodes)-1].any = true
	}
}

// nodeName is one of a machine of its own: every prefix gives other names.
func (m *maker) nodeName(prefix string, i int) string {
	usual := fmt.Sprintf("%s%d", prefix, i)
	if !m.one(3) {
		return usual
	}
	number := int(prefix[0])*10 + i
	return pick(&m.stream,
		usual+".rack-1.example.com", fmt.Sprint(number), fmt.Sprintf("%de3", number), fmt.Sprintf("0x%x", number), fmt.Sprintf("0%o", number), fmt.Sprintf("1.%d", number), fmt.Sprintf("%d.null", number),
		usual+strings.Repeat("-", 20)+"x", usual+strings.Repeat("x", 61-len(usual)), strings.Repeat(usual+".", 9)+"end", fmt.Sprintf("2026-01-%d", number))
}

func (m *maker) nodeList() []any {
	var list []any
	for i := range m.nodes {
		list = append(list, m.oneNode(i))
	}
	return list
}

func (m *maker) oneNode(i int) object {
	n := m.nodes[i]
	o := object{{"name", n.name}, {"role", n.role}}
	if n.any {
		o.set("count", "any")
		if m.one(2) {
			o.set("namePattern", pick(&m.stream, "pool-*", "*", "?", "w-??.example", "[a"[1:], "0", "on", "*-*"))
		}
	} else {
		var list []string
		for _, family := range m.families {
			list = append(list, m.address(10+i, family))
		}
		o.set("address", strings.Join(list, ","))
		if m.one(3) {
			o.set("mac", fmt.Sprintf(pick(&m.stream, "52:54:00:00:00:%02x", "52-54-00-00-00-%02X", "5254.0000.00%02x", "10:20:30:40:50:%02d"), 16+i))
		}
	}
	if m.one(8) {
		o.set("provider", pick(&m.stream, "metal", "gcp", "vsphere", "azure", "oracle", "aws"))
	}
	if n.os != "ubuntu" {
		o.set("os", n.os)
	}
	readOnly := n.os == "flatcar" || n.os == "fedora-coreos"
	if readOnly || m.one(4) {
		best := "packages"
		if readOnly {
			best = "binaries"
		}
		if n.os == "flatcar" && m.one(2) {
			best = "sysext"
		}
		o.set("install", m.install(best))
	}
	if !n.any && n.os != "flatcar" && n.os != "fedora-coreos" {
		m.setNetwork(&o, n.name)
	} else if !n.any && m.one(6) {
		o.set("network", m.network())
	}
	isNode := n.role == "control-plane" || n.role == "worker"
	if isNode && m.one(3) {
		o.set("labels", m.labels(n.role))
	}
	if isNode && m.one(3) {
		o.set("taints", m.taints())
	}
	if isNode && m.one(5) {
		o.set("kubeletConfiguration", m.kubeletConfiguration())
	}
	if n.role != "load-balancer" && m.one(5) {
		o.set("extraArgs", object{{"kubelet", m.args("kubelet")}})
	}
	if m.one(5) {
		o.set("extraFiles", m.extraFiles(fmt.Sprintf("-%d", i), 2))
	}
	return o
}

func (m *maker) labels(role string) object {
	keys := []string{"disk", "example.com/disk", "topology.kubernetes.io/zone", "on", "0", "1e3", "null", "a.b_c-D", "node.kubernetes.io/x", "1.2.3/4"}
	if role == "worker" {
		keys = append(keys, "node-role.kubernetes.io/gpu", "node-role.kubernetes.io/on")
	}
	var o object
	for _, key := range some(&m.stream, 3, keys...) {
		o.set(key, pick(&m.stream, labelValues...))
	}
	return o
}

func (m *maker) taints() []any {
	var list []any
	for _, key := range some(&m.stream, 2, "example.com/gpu", "dedicated", "on", "0777", "node-role.kubernetes.io/control-plane") {
		o := object{{"key", key}, {"effect", pick(&m.stream, "NoSchedule", "PreferNoSchedule", "NoExecute")}}
		if m.one(2) {
			o.set("value", pick(&m.stream, labelValues...))
		}
		list = append(list, o)
	}
	return list
}

// install is how a machine gets its programs. Without a method of its own a node has the cluster's.
func (m *maker) install(best string) object {
	method := pick(&m.stream, "preinstalled", best, "binaries")
	if best == "sysext" {
		method = pick(&m.stream, "sysext", "binaries", "preinstalled")
	}
	o := object{{"method", method}}
	if method == "binaries" && m.one(2) {
		o.set("versions", m.versions())
	}
	return o
}

func (m *maker) versions() object {
	var o object
	if m.one(2) {
		o.set("containerd", pick(&m.stream, "2.3.5", "1.7.28", "2.4.0-rc.1", "2.0.0"))
	}
	if m.one(2) {
		o.set("runc", pick(&m.stream, "1.4.3", "1.4.0-rc.1"))
	}
	if m.one(2) {
		o.set("cni", pick(&m.stream, "1.9.1", "1.0.0"))
	}
	if m.one(2) {
		o.set("crictl", pick(&m.stream, "1.36.0", "1.28.0"))
	}
	return o
}
