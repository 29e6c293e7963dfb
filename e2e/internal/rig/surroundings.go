package rig

import (
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
)

// writeSurroundings writes what a machine finds around it: the data source of its provider, and what DHCP would provide.
func (m *machine) writeSurroundings() error {
	files := map[string][]byte{
		"etc/resolv.conf": []byte("nameserver " + m.nameserver() + "\n"),
	}
	if m.Ignition != nil {
		files["etc/machine-id"] = []byte("uninitialized\n") // otherwise systemd ignores presets
		files["etc/cloud/cloud-init.disabled"] = nil
		files["etc/network/interfaces.d/eth0"] = m.interfaces()
		files["../config.ign"] = m.Ignition
	} else if m.BootServer != "" {
		files["etc/cloud/cloud.cfg.d/99-network.cfg"] = []byte("network: {config: disabled}\n")
		files["etc/network/interfaces.d/eth0"] = m.interfaces()
	} else {
		files["var/lib/cloud/seed/nocloud/network-config"] = m.networkConfig()
		for name, content := range m.Seed {
			files["var/lib/cloud/seed/nocloud/"+name] = content
		}
	}
	if m.BootServer != "" {
		files["../boot-ca.crt"] = m.BootCA
	}
	for name, content := range files {
		if err := m.writeSurrounding(name, File{0o644, content}); err != nil {
			return err
		}
	}
	for name, file := range m.Files {
		if err := m.writeSurrounding(name, file); err != nil {
			return err
		}
	}
	return nil
}

func (m *machine) writeSurrounding(name string, file File) error {
	name = filepath.Join(m.surroundings(), name)
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return err
	}
	return os.WriteFile(name, file.Content, file.Mode)
}

// nameserver returns the machine's name server, or one that refuses at once if the machine has none.
func (m *machine) nameserver() string {
	if !m.Nameserver.IsValid() {
		return "127.0.0.1"
	}
	return m.Nameserver.String()
}

func (m *machine) networkConfig() []byte {
	text := new(strings.Builder)
	fmt.Fprintf(text, "version: 1\nconfig:\n- type: physical\n  name: eth0\n  mac_address: %q\n  subnets:\n", m.mac())
	for _, address := range m.Addresses {
		kind := "static"
		if address.Addr().Is6() {
			kind = "static6"
		}
		fmt.Fprintf(text, "  - {type: %s, address: %q", kind, address)
		for _, gateway := range m.gatewaysOf(address) {
			fmt.Fprintf(text, ", gateway: %q", gateway)
		}
		fmt.Fprintln(text, "}")
	}
	return []byte(text.String())
}

func (m *machine) interfaces() []byte {
	text := new(strings.Builder)
	fmt.Fprintln(text, "auto eth0")
	for _, address := range m.Addresses {
		family := "inet"
		if address.Addr().Is6() {
			family = "inet6"
		}
		fmt.Fprintf(text, "iface eth0 %s static\n  address %s\n", family, address)
		for _, gateway := range m.gatewaysOf(address) {
			fmt.Fprintf(text, "  gateway %s\n", gateway)
		}
	}
	return []byte(text.String())
}

// gatewaysOf returns the gateways in an address's family.
func (m *machine) gatewaysOf(address netip.Prefix) []netip.Addr {
	var gateways []netip.Addr
	for _, gateway := range m.Gateways {
		if gateway.Is6() == address.Addr().Is6() {
			gateways = append(gateways, gateway)
		}
	}
	return gateways
}
