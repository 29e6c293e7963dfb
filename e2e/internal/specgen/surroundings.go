package specgen

import "fmt"

// setNetwork gives a place, the cluster or a machine, one way to configure networks, or none.
func (m *maker) setNetwork(o *object, suffix string) {
	switch m.below(6) {
	case 1:
		o.set("network", m.network())
	case 2:
		o.set("networkConfig", m.local("networks/"+suffix+".yaml", pick(&m.stream,
			"version: 2\nethernets: {eth0: {dhcp4: true, dhcp6: true}}\n", "version: 1\nconfig: [{type: physical, name: eth0, subnets: [{type: dhcp}]}]\n",
			"# ä\nversion: 2\nbonds: {bond0: {interfaces: [eth0, eth1], dhcp4: on}}\nethernets: {eth0: {}, eth1: {}}\n")))
	}
}

// proxy has characters that systemd, a shell and a package manager read differently.
func (m *maker) proxy() object {
	var o object
	for _, scheme := range some(&m.stream, 2, "http", "https") {
		o.set(scheme, pick(&m.stream,
			"http://proxy.example.com:3128", "http://10.0.0.5:3128/", "https://[fd00::5]", "http://user:p%40$%25'`;&x@proxy.example.com:8080", "http://a", "http://u@1e3.example:1"))
	}
	if o == nil {
		o.set("https", "http://proxy:80")
	}
	if m.one(2) {
		o.set("noProxy", m.strings(3, ".corp.example", "10.0.0.0/8", "fd00::/8", "registry.example.com", "192.0.2.7", "a", "0.example"))
	}
	return o
}

// pxe has an image for some of the operating systems.
func (m *maker) pxe() object {
	o := object{{"baseURL", pick(&m.stream, "http://10.0.0.1:8080", "https://boot.example.com/a%20b/", "http://[fd00::1]/x")}}
	disk := m.one(2)
	if disk {
		o.set("install", "disk")
		if m.one(2) {
			o.set("disk", pick(&m.stream, "/dev/nvme0n1", "/dev/disk/by-id/wwn-0x5000"))
		}
	}
	var images object
	for _, name := range some(&m.stream, 4, "ubuntu", "debian", "flatcar", "fedora-coreos", "rocky") {
		image := object{{"kernel", pick(&m.stream, "images/vmlinuz", "/k", "http://10.0.0.2/kernel?x=1")}, {"initrd", "images/initrd@1"}}
		if name == "fedora-coreos" || name == "ubuntu" || name == "debian" && m.one(2) {
			image.set("rootfs", pick(&m.stream, "images/root.img", "https://mirror.example.com/root,1.iso"))
		}
		images.set(name, image)
	}
	if images != nil {
		o.set("images", images)
	}
	return o
}

// snippets are for the systems that read them.
func (m *maker) snippets() []any {
	reads := map[string][]any{}
	for _, n := range m.nodes {
		format := "cloudConfig"
		if n.os == "flatcar" || n.os == "fedora-coreos" {
			format = "butane-" + n.os
		}
		reads[format] = append(reads[format], n.name)
	}
	var list []any
	if names := reads["cloudConfig"]; len(names) > 0 {
		o := object{{"cloudConfig", m.local("snippets/a.yaml", pick(&m.stream,
			"#cloud-config\ntimezone: Europe/Berlin\n", "#cloud-config\nusers: [default, {name: ops, groups: [adm]}]\npackages: [jq, 'a b']\n",
			"#cloud-config\nruncmd: ['echo \"$HOME\" %n ä', [sh, -c, \"echo 'a'\"]]\nbootcmd: [echo]\nwrite_files: [{path: /etc/snippet, content: '='}]\n"))}}
		list = append(list, m.only(o, names))
	}
	for _, variant := range []string{"flatcar", "fcos"} {
		names := reads["butane-"+map[string]string{"flatcar": "flatcar", "fcos": "fedora-coreos"}[variant]]
		if len(names) == 0 {
			continue
		}
		version := map[string]string{"flatcar": "1.0.0", "fcos": "1.4.0"}[variant]
		o := object{{"butane", m.local("snippets/"+variant+".bu", fmt.Sprintf("variant: %s\nversion: %s\n%s", variant, version, pick(&m.stream,
			"storage: {files: [{path: /etc/snippet, contents: {inline: 'a %n $b'}}]}\n", "passwd: {users: [{name: ops, groups: [adm]}]}\n",
			"systemd: {units: [{name: own.service, enabled: true, contents: \"[Service]\\nExecStart=/bin/true %%n\\n[Install]\\nWantedBy=multi-user.target\\n\"}]}\n")))}}
		list = append(list, append(o, object{{"nodes", names}}...))
	}
	return list
}

// only limits a snippet to all of these nodes by their names, or not at all.
func (m *maker) only(o object, names []any) object {
	switch m.below(3) {
	case 1:
		o.set("nodes", names)
	case 2:
		if m.nodes[0].os != "flatcar" && m.nodes[0].os != "fedora-coreos" {
			o.set("roles", []any{m.nodes[0].role})
		}
	}
	return o
}
