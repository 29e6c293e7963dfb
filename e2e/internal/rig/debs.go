package rig

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"kindling/e2e/internal/build"
)

// packageTree makes a directory for a package's files.
func packageTree() (string, error) {
	tree, err := os.MkdirTemp("", "package-")
	if err != nil {
		return "", err
	}
	return tree, os.Chmod(tree, 0o755)
}

// A systemPackage is one that the rig builds, in the form of dpkg or of rpm.
type systemPackage struct {
	name, version, depends, conffiles string
	programs                          map[string][]build.Program
	files                             map[string]string
	links                             map[string]string
	// debs are Debian's packages that it has the files of.
	debs []string
}

// kubernetesPackages are those of Kubernetes' community, with the revision of their form (kubernetes/release:
// cmd/krel/templates/latest).
func (r Release) kubernetesPackages(t testing.TB, revision string) []systemPackage {
	t.Helper()
	version := strings.TrimPrefix(string(r), "v") + revision
	read := func(file string) string {
		text, err := recipe.ReadFile("image/usr/lib/systemd/system/" + file)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	programs := r.hostPrograms()
	find := func(name string) map[string][]build.Program {
		for _, program := range programs["usr/bin"] {
			if program.Name == name {
				return map[string][]build.Program{"usr/bin": {program}}
			}
		}
		t.Fatalf("no program %s", name)
		return nil
	}
	return []systemPackage{
		{name: "kubelet", version: version, depends: "iptables, kubernetes-cni, mount, util-linux", programs: find("kubelet"), conffiles: "/etc/default/kubelet\n",
			files: map[string]string{"usr/lib/systemd/system/kubelet.service": read("kubelet.service"), "etc/default/kubelet": "KUBELET_EXTRA_ARGS=\n"}},
		{name: "kubeadm", version: version, programs: find("kubeadm"),
			files: map[string]string{"usr/lib/systemd/system/kubelet.service.d/10-kubeadm.conf": read("kubelet.service.d/10-kubeadm.conf")}},
		{name: "kubectl", version: version, programs: find("kubectl")},
		{name: "kubernetes-cni", version: cniRelease + revision, programs: map[string][]build.Program{"opt/cni/bin": programs["opt/cni/bin"]}},
	}
}

// fill writes the package's files into a tree.
func (p systemPackage) fill(tree string) error {
	var errs []error
	for _, deb := range p.debs {
		if out, err := exec.Command("dpkg-deb", "--extract", deb, tree).CombinedOutput(); err != nil {
			errs = append(errs, fmt.Errorf("dpkg-deb --extract %s: %w\n%s", deb, err, out))
		}
	}
	for name, content := range p.files {
		name = filepath.Join(tree, name)
		errs = append(errs, os.MkdirAll(filepath.Dir(name), 0o755), os.WriteFile(name, []byte(content), 0o644))
	}
	for name, target := range p.links {
		errs = append(errs, os.Symlink(target, filepath.Join(tree, name)))
	}
	for place, programs := range p.programs {
		for _, program := range programs {
			// tar complains about a file that gets another link meanwhile, so it is not one with the cache's.
			file, err := program.Path()
			content, errRead := os.ReadFile(file)
			errs = append(errs, err, errRead, os.MkdirAll(filepath.Join(tree, place), 0o755), os.WriteFile(filepath.Join(tree, place, program.Name), content, 0o755))
		}
	}
	return errors.Join(errs...)
}

// PublishPackages fills a directory with the packages of Kubernetes for Debian as pkgs.k8s.io lays them out.
func (r Release) PublishPackages(t testing.TB, key SigningKey, dir string) {
	t.Helper()
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, p := range r.kubernetesPackages(t, "-1.1") {
		if err := p.buildDeb(dir); err != nil {
			t.Fatal(err)
		}
	}
	key.Index(t, dir)
}

func (p systemPackage) buildDeb(dir string) error {
	tree, err := packageTree()
	if err != nil {
		return err
	}
	defer os.RemoveAll(tree)
	control := fmt.Sprintf("Package: %s\nVersion: %s\nArchitecture: amd64\nMaintainer: rig <rig@example.com>\nDescription: %[1]s\n", p.name, p.version)
	if p.depends != "" {
		control += "Depends: " + p.depends + "\n"
	}
	err = errors.Join(p.fill(tree), os.Mkdir(filepath.Join(tree, "DEBIAN"), 0o755), os.WriteFile(filepath.Join(tree, "DEBIAN/control"), []byte(control), 0o644))
	if p.conffiles != "" {
		err = errors.Join(err, os.WriteFile(filepath.Join(tree, "DEBIAN/conffiles"), []byte(p.conffiles), 0o644))
	}
	if err != nil {
		return err
	}
	out, err := exec.Command("dpkg-deb", "--root-owner-group", "-Zgzip", "-z1", "--build", tree, filepath.Join(dir, p.name+"_"+p.version+"_amd64.deb")).CombinedOutput()
	if err != nil {
		return fmt.Errorf("dpkg-deb --build %s: %w\n%s", p.name, err, out)
	}
	return nil
}
