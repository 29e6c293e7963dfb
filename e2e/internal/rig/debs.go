package rig

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"kindling/e2e/internal/build"
)

// PublishPackages fills a directory with the packages of Kubernetes for Debian as pkgs.k8s.io lays them out (kubernetes/release:
// cmd/krel/templates/latest).
func (r Release) PublishPackages(t testing.TB, key SigningKey, dir string) {
	t.Helper()
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	version := strings.TrimPrefix(string(r), "v") + "-1.1"
	units, err := recipe.ReadFile("image/usr/lib/systemd/system/kubelet.service")
	if err != nil {
		t.Fatal(err)
	}
	dropIn, err := recipe.ReadFile("image/usr/lib/systemd/system/kubelet.service.d/10-kubeadm.conf")
	if err != nil {
		t.Fatal(err)
	}
	programs := r.hostPrograms()
	find := func(place, name string) build.Program {
		for _, program := range programs[place] {
			if program.Name == name {
				return program
			}
		}
		t.Fatalf("no program %s", name)
		return build.Program{}
	}
	for _, d := range []debianPackage{
		{name: "kubelet", version: version, depends: "iptables, kubernetes-cni, mount, util-linux", programs: map[string][]build.Program{"usr/bin": {find("usr/bin", "kubelet")}},
			files: map[string]string{"usr/lib/systemd/system/kubelet.service": string(units), "etc/default/kubelet": "KUBELET_EXTRA_ARGS=\n"}, conffiles: "/etc/default/kubelet\n"},
		{name: "kubeadm", version: version, programs: map[string][]build.Program{"usr/bin": {find("usr/bin", "kubeadm")}},
			files: map[string]string{"usr/lib/systemd/system/kubelet.service.d/10-kubeadm.conf": string(dropIn)}},
		{name: "kubectl", version: version, programs: map[string][]build.Program{"usr/bin": {find("usr/bin", "kubectl")}}},
		{name: "kubernetes-cni", version: cniRelease + "-1.1", programs: map[string][]build.Program{"opt/cni/bin": programs["opt/cni/bin"]}},
	} {
		if err := d.build(dir); err != nil {
			t.Fatal(err)
		}
	}
	key.Index(t, dir)
}

// A debianPackage is one that the rig builds.
type debianPackage struct {
	name, version, depends, conffiles string
	programs                          map[string][]build.Program
	files                             map[string]string
}

func (d debianPackage) build(dir string) error {
	cache, err := build.CacheDir() // whose files it shares
	if err != nil {
		return err
	}
	parent := filepath.Join(cache, "rigs")
	if err := os.MkdirAll(parent, 0o755); err != nil {
		return err
	}
	tree, err := os.MkdirTemp(parent, "deb-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(tree)
	files := map[string]string{"DEBIAN/control": fmt.Sprintf("Package: %s\nVersion: %s\nArchitecture: amd64\nMaintainer: rig <rig@example.com>\nDescription: %[1]s\n", d.name, d.version)}
	if d.depends != "" {
		files["DEBIAN/control"] += "Depends: " + d.depends + "\n"
	}
	if d.conffiles != "" {
		files["DEBIAN/conffiles"] = d.conffiles
	}
	for name, content := range d.files {
		files[name] = content
	}
	for name, content := range files {
		name = filepath.Join(tree, name)
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(name, []byte(content), 0o644); err != nil {
			return err
		}
	}
	for place, programs := range d.programs {
		for _, program := range programs {
			if err := copyProgram(program, filepath.Join(tree, place)); err != nil {
				return err
			}
		}
	}
	if err := os.Chmod(tree, 0o755); err != nil {
		return err
	}
	out, err := exec.Command("dpkg-deb", "--root-owner-group", "-Zgzip", "-z1", "--build", tree, filepath.Join(dir, d.name+"_"+d.version+"_amd64.deb")).CombinedOutput()
	if err != nil {
		return fmt.Errorf("dpkg-deb --build %s: %w\n%s", d.name, err, out)
	}
	return nil
}
