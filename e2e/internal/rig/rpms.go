package rig

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ProtonMail/go-crypto/openpgp"
	"github.com/ProtonMail/go-crypto/openpgp/armor"
	"github.com/ProtonMail/go-crypto/openpgp/packet"

	"kindling/e2e/internal/build"
)

// PublishRPMs fills a directory with the packages of Kubernetes for dnf and zypper as pkgs.k8s.io lays them out.
func (r Release) PublishRPMs(t testing.TB, key SigningKey, dir string) {
	t.Helper()
	publishRPMs(t, key, dir, r.kubernetesPackages(t, "-150500.1.1"))
}

// PublishSystemRPMs fills a directory with packages of the names that Red Hat's family and openSUSE have, which machines install beside
// Kubernetes. They have the files of Debian's packages.
func PublishSystemRPMs(t testing.TB, key SigningKey, dir string) {
	t.Helper()
	_, debs, err := build.StockRoot()
	if err != nil {
		t.Fatal(err)
	}
	// A deb's name begins with its package's.
	from := func(names ...string) (files []string) {
		for _, name := range names {
			found, err := filepath.Glob(filepath.Join(debs, name+"_*.deb"))
			if err != nil || len(found) != 1 {
				t.Fatalf("packages %s: %v %v", name, found, err)
			}
			files = append(files, found...)
		}
		return files
	}
	filter := from("iptables", "libip6tc2", "libnetfilter-conntrack3", "libnfnetlink0")
	links := map[string]string{"usr/sbin/iptables": "xtables-nft-multi", "usr/sbin/iptables-save": "xtables-nft-multi", "usr/sbin/ip6tables": "xtables-nft-multi"}
	publishRPMs(t, key, dir, []systemPackage{
		{name: "iptables", version: "1.8-1", debs: filter, links: links},
		{name: "iptables-nft", version: "1.8-1", debs: filter, links: links},
		{name: "containerd", version: "1.6-1", debs: from("containerd", "runc")},
		{name: "socat", version: "1.7-1", debs: from("socat")},
	})
}

// SystemRepository are the files with which dnf and zypper know a repository of the operating system, by path.
func SystemRepository(key []byte, url string) map[string]string {
	const keyFile = "/etc/pki/rpm-gpg/system.asc"
	list := "[system]\nname=system\nenabled=1\ngpgcheck=1\nrepo_gpgcheck=1\nbaseurl=" + url + "\ngpgkey=file://" + keyFile + "\n"
	return map[string]string{keyFile: string(key), "/etc/yum.repos.d/system.repo": list, "/etc/zypp/repos.d/system.repo": list}
}

func publishRPMs(t testing.TB, key SigningKey, dir string, packages []systemPackage) {
	t.Helper()
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, p := range packages {
		if err := p.buildRPM(dir); err != nil {
			t.Fatal(err)
		}
	}
	key.signRPMs(t, dir)
	key.IndexRPMs(t, dir)
}

// buildRPM packs the files that the package's tree has, and asks for nothing.
func (p systemPackage) buildRPM(dir string) error {
	tree, err := cacheTree()
	if err != nil {
		return err
	}
	defer os.RemoveAll(tree)
	version, release, _ := strings.Cut(p.version, "-")
	root := filepath.Join(tree, "root")
	if err := errors.Join(os.Mkdir(root, 0o755), p.fill(root)); err != nil {
		return err
	}
	var list []string
	err = filepath.WalkDir(root, func(file string, entry os.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			list = append(list, `"`+strings.TrimPrefix(file, root)+`"`)
		}
		return err
	})
	if err != nil {
		return err
	}
	slices.Sort(list)
	spec := filepath.Join(tree, p.name+".spec")
	text := fmt.Sprintf("Name: %s\nVersion: %s\nRelease: %s\nSummary: %[1]s\nLicense: none\nAutoReqProv: no\n%%description\n%%files\n%s\n", p.name, version, release, strings.Join(list, "\n"))
	if err := os.WriteFile(spec, []byte(text), 0o644); err != nil {
		return err
	}
	build := exec.Command("rpmbuild", "-bb", "--quiet", "--noclean", "--noprep", "--target", "x86_64", "--buildroot", root,
		"-D", "_topdir "+tree, "-D", "_rpmdir "+dir, "-D", "_rpmfilename %{name}-%{version}-%{release}.%{arch}.rpm", "-D", "_binary_payload w1.gzdio",
		"-D", "_build_id_links none", "-D", "debug_package %{nil}", "-D", "__os_install_post %{nil}", spec)
	if out, err := build.CombinedOutput(); err != nil {
		return fmt.Errorf("rpmbuild %s: %w\n%s", p.name, err, out)
	}
	return nil
}

// signRPMs signs the packages themselves, as gpgcheck wants them.
func (k SigningKey) signRPMs(t testing.TB, dir string) {
	t.Helper()
	home := t.TempDir()
	var private bytes.Buffer
	armored, err := armor.Encode(&private, openpgp.PrivateKeyType, nil)
	if err := errors.Join(err, k.entity.SerializePrivateWithoutSigning(armored, nil), armored.Close()); err != nil {
		t.Fatal(err)
	}
	run := func(input []byte, name string, args ...string) {
		t.Helper()
		cmd := exec.Command(name, args...)
		cmd.Env, cmd.Stdin = append(os.Environ(), "GNUPGHOME="+home), bytes.NewReader(input)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%s: %v: run e2e/install.sh rig\n%s", name, err, out)
		}
	}
	run(append(private.Bytes(), '\n'), "gpg", "--batch", "--quiet", "--import")
	packages, err := filepath.Glob(filepath.Join(dir, "*.rpm"))
	if err != nil {
		t.Fatal(err)
	}
	run(nil, "rpmsign", append([]string{"-D", "_gpg_name " + k.Fingerprint(), "--addsign"}, packages...)...)
	run(nil, "gpgconf", "--kill", "all")
}

// IndexRPMs makes a directory with packages a repository.
func (k SigningKey) IndexRPMs(t testing.TB, dir string) {
	t.Helper()
	if out, err := exec.Command("createrepo_c", "--quiet", dir).CombinedOutput(); err != nil {
		t.Fatalf("createrepo_c: %v: run e2e/install.sh rig\n%s", err, out)
	}
	index := filepath.Join(dir, "repodata/repomd.xml")
	text, err := os.ReadFile(index)
	if err != nil {
		t.Fatal(err)
	}
	var signature bytes.Buffer
	err = openpgp.ArmoredDetachSign(&signature, k.entity, bytes.NewReader(text), &packet.Config{Time: func() time.Time { return k.entity.PrimaryKey.CreationTime.Add(time.Minute) }})
	if err := errors.Join(err, os.WriteFile(index+".asc", signature.Bytes(), 0o644), os.WriteFile(index+".key", k.Public(t), 0o644)); err != nil {
		t.Fatal(err)
	}
}
