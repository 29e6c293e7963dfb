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
	filter := from("iptables", "libip6tc2", "libnetfilter-conntrack3", "libnfnetlink0", "libnftnl11")
	links := map[string]string{"usr/sbin/iptables": "xtables-nft-multi", "usr/sbin/iptables-save": "xtables-nft-multi", "usr/sbin/ip6tables": "xtables-nft-multi"}
	publishRPMs(t, key, dir, []systemPackage{
		{name: "iptables", version: "1.8-1", debs: filter, links: links},
		{name: "iptables-nft", version: "1.8-1", debs: filter, links: links},
		{name: "containerd", version: "1.6-1", debs: from("containerd", "runc")},
		{name: "kernel-modules-extra", version: "6.12.0-124.8.1.el10_1", files: map[string]string{"usr/lib/modules/6.12.0-124.8.1.el10_1.x86_64/br_netfilter": ""}},
		{name: "socat", version: "1.7-1", debs: from("socat", "libwrap0")},
	})
}

// SystemRepository are the files with which dnf and zypper know a repository of the operating system, by path. An image trusts its own
// repositories.
func SystemRepository(url string) map[string]string {
	list := "[system]\nname=system\nenabled=1\ngpgcheck=0\nbaseurl=" + url + "\n"
	return map[string]string{
		"/etc/yum.repos.d/system.repo": list, "/etc/zypp/repos.d/system.repo": list,
		"/etc/rpm/macros": "%_dbpath /var/lib/rpm\n", // Debian's rpm would have a database for each user
	}
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
	tree, err := packageTree()
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
		if err != nil || entry.IsDir() {
			return err
		}
		kept, file := "", strings.TrimPrefix(file, root)
		if strings.Contains(p.conffiles, file+"\n") {
			kept = "%config(noreplace) "
		}
		list = append(list, kept+`"`+file+`"`)
		return nil
	})
	if err != nil {
		return err
	}
	slices.Sort(list)
	spec := filepath.Join(tree, p.name+".spec")
	text := fmt.Sprintf("Name: %s\nVersion: %s\nRelease: %s\nSummary: the rig's\nLicense: none\nAutoReqProv: no\n%%description\n%%files\n%s\n", p.name, version, release, strings.Join(list, "\n"))
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

// NewRPMKey makes a key as GnuPG does: rpm refuses what others mark as critical in theirs.
func NewRPMKey(t testing.TB) SigningKey {
	t.Helper()
	k := SigningKey{home: t.TempDir()}
	k.gpg(t, "gpg", "--batch", "--quiet", "--passphrase", "", "--quick-gen-key", "rig@example.com", "rsa2048", "sign", "1d")
	keys, err := openpgp.ReadKeyRing(bytes.NewReader(k.gpg(t, "gpg", "--export-secret-keys")))
	if err != nil {
		t.Fatal(err)
	}
	k.entity = keys[0]
	k.gpg(t, "gpgconf", "--kill", "all")
	return k
}

// gpg runs a program that uses GnuPG with the key.
func (k SigningKey) gpg(t testing.TB, name string, args ...string) []byte {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Env = append(os.Environ(), "GNUPGHOME="+k.home)
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s: %v: run e2e/install.sh rig\n%s", name, err, out)
	}
	return out
}

// signRPMs signs the packages themselves, as gpgcheck wants them.
func (k SigningKey) signRPMs(t testing.TB, dir string) {
	t.Helper()
	packages, err := filepath.Glob(filepath.Join(dir, "*.rpm"))
	if err != nil {
		t.Fatal(err)
	}
	k.gpg(t, "rpmsign", append([]string{"-D", "__gpg /usr/bin/gpg", "-D", "_gpg_name rig@example.com", "--addsign"}, packages...)...)
	k.gpg(t, "gpgconf", "--kill", "all")
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
