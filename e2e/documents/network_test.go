package documents

import (
	_ "embed"
	"errors"
	"maps"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"

	"kindling/e2e/internal/build"
	"kindling/e2e/internal/firstboot"
	"kindling/e2e/internal/kindling"
	"kindling/e2e/internal/sandbox"

	"github.com/google/go-cmp/cmp"
)

//go:embed network.sh
var networkScript string

// TestNetworkPrograms gives the static network configurations to the programs that read them on the machines: systemd-networkd,
// NetworkManager, netplan and ifupdown. What the kernel has then is what cluster.yaml says.
func TestNetworkPrograms(t *testing.T) {
	documents, err := kindling.Generate(t, filepath.Join(samples, "on-link.yaml"), testPKI)
	if err != nil {
		t.Fatal(err)
	}
	const (
		twoStatic = "10.0.0.8/24\nfd00::8/64\ndefault via 10.0.0.1\ndefault via fd00::1\n1500\n"
		mac       = "52:54:00:00:00:08"
	)
	for name, test := range map[string]struct{ node, program, iface, mac, want string }{
		"flatcar":                    {"w0", "networkd", "ens3", mac, "2001:db8:10::2/64\n65.21.0.10/32\ndefault via 172.31.1.1\ndefault via fe80::1\n1450\n"},
		"fedora-coreos":              {"w1", "NetworkManager", "other", "52:54:00:00:00:11", "2001:db8:11::2/64\n65.21.0.11/32\ndefault via 172.31.1.1\ndefault via fe80::1\n1450\n"},
		"ubuntu":                     {"cp0", "netplan", "ens3", "52:54:00:00:00:07", "2001:db8:7::2/64\n65.21.0.7/32\ndefault via 172.31.1.1\ndefault via fe80::1\n1450\n"},
		"both-static-netplan":        {"cp1", "netplan", "eth0", mac, twoStatic},
		"both-static-ifupdown":       {"cp1", "ifupdown", "eth0", mac, twoStatic},
		"both-static-NetworkManager": {"cp1", "NetworkManager", "eth0", mac, twoStatic},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			out, err := networkSandbox(t, documents, test.node).Inside(t.Context(), "exec 3>&1; { bash -s "+strings.Join([]string{test.program, test.iface, test.mac}, " ")+
				" <<'SCRIPT'\n"+networkScript+"SCRIPT\n} 2>/var/log/network >&3 || { cat /var/log/network; exit 1; }")
			if err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			if diff := cmp.Diff(test.want, string(out)); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

// TestNetworkConfigOfTheUser gives the user's own network-config, a VLAN on a bond, to netplan. The kernel of the tests has neither.
func TestNetworkConfigOfTheUser(t *testing.T) {
	documents, err := kindling.Generate(t, filepath.Join(samples, "on-link.yaml"), testPKI)
	if err != nil {
		t.Fatal(err)
	}
	out, err := networkSandbox(t, documents, "cp2").Inside(t.Context(), `
		cloud-init devel net-convert --network-data /seed/network-config --kind yaml --distro debian --output-kind netplan --directory / &>/dev/null
		netplan generate 2>/dev/null
		cd /run/systemd/network
		grep -hE '^(Kind|Id|Mode|VLAN|Bond|Address|Gateway)=' *bond0.5.netdev *bond0.netdev *eth0.network *bond0.network *bond0.5.network`)
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	want := "Kind=vlan\nId=5\nKind=bond\nMode=active-backup\nBond=bond0\nVLAN=bond0.5\nAddress=10.0.5.9/24\nAddress=fd00:5::9/64\nGateway=10.0.5.1\nGateway=fd00:5::1\n"
	if diff := cmp.Diff(want, string(out)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// networkSandbox has the files of a node's network: what Ignition writes, or what cloud-init gets.
func networkSandbox(t *testing.T, documents kindling.Documents, node string) *sandbox.Sandbox {
	t.Helper()
	root, err := build.NetworkRoot()
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	if config := documents.File(t, node, "network-config"); config != nil {
		files["seed/network-config"] = string(config)
	} else {
		written := firstboot.Ignition(t, documents.Document(t, node, kindling.Ignition, kindling.Text)).Tree
		for name, entry := range maps.All(written) {
			if path.Base(name) == "10-kindling.network" || path.Base(name) == "kindling.nmconnection" {
				files[name] = entry.Content
			}
		}
	}
	layer := t.TempDir()
	for name, content := range files {
		file := filepath.Join(layer, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(file), 0o755), os.WriteFile(file, []byte(content), 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	return sandbox.New(t, layer, root)
}
