package generator_test

import (
	"crypto/sha256"
	"fmt"
	"os"
	"strings"
	"testing"

	"kindling/generator/spec"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v4"
)

// TestInstallersHaveTheDocument checks that what an installer gets leads to the machine's own document, and to no other.
func TestInstallersHaveTheDocument(t *testing.T) {
	set := generate(t, load(t, "pxe"), noon)
	var installer struct {
		Autoinstall struct {
			Version  int
			UserData map[string]any `yaml:"user-data"`
		}
	}
	if err := yaml.Unmarshal(set["nodes/cp1/install/user-data"], &installer); err != nil {
		t.Fatal(err)
	}
	var own map[string]any
	if err := yaml.Unmarshal(set["nodes/cp1/user-data"], &own); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(own, installer.Autoinstall.UserData); diff != "" || installer.Autoinstall.Version != 1 {
		t.Errorf("version %d, user-data (-own +in the installer's):\n%s", installer.Autoinstall.Version, diff)
	}

	unit := string(decodeIgnition(t, set["nodes/cp0/install/config.ign"])["/etc/systemd/system/kindling-install.service"])
	want := fmt.Sprintf("install.sh config.ign %x /dev/nvme0n1\n", sha256.Sum256(set["nodes/cp0/config.ign"]))
	if !strings.Contains(unit, want) {
		t.Errorf("%q is not in\n%s", want, unit)
	}
	if strings.Contains(string(set["nodes/cp0/install/config.ign"]), "PRIVATE KEY") {
		t.Error("the installer's config has a key in it")
	}
}

// TestLiveBoots has the kernel lines of machines that boot into their memory.
func TestLiveBoots(t *testing.T) {
	text := string(read(t, clusters+"/pxe.yaml"))
	text = strings.NewReplacer("  install: disk\n  disk: /dev/nvme0n1\n", "", "10.0.0.10, mac", "10.0.0.10, os: debian, mac").Replace(text)
	c, problems := spec.Load([]byte(text), spec.Local{Files: os.DirFS(clusters)})
	if c == nil {
		t.Fatal(problems)
	}
	set := generate(t, c, noon)
	for mac, want := range map[string]string{
		"07": "flatcar.first_boot=1 ignition.config.url=${base-url}/nodes/cp0/config.ign ",
		"08": "root=squash:https://mirror.example.com/ubuntu.iso ip=dhcp overlayroot=tmpfs ds=nocloud-net;s=${base-url}/nodes/cp1/ ",
		"09": "coreos.live.rootfs_url=${base-url}/images/fcos/rootfs.img ignition.firstboot ignition.platform.id=metal ignition.config.url=${base-url}/nodes/cp2/config.ign ",
		"10": "boot=live fetch=${base-url}/images/debian/root.squashfs ds=nocloud-net;s=${base-url}/nodes/w0/ ",
	} {
		script := string(set["ipxe/52-54-00-00-00-"+mac+".ipxe"])
		if want = "\nkernel ${kernel} initrd=initrd " + want; !strings.Contains(script, want) {
			t.Errorf("%q is not in\n%s", want, script)
		}
	}
	for path := range set {
		if strings.Contains(path, "/install/") {
			t.Errorf("%s, but nothing is installed", path)
		}
	}
}
