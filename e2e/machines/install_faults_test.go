package machines

import (
	"crypto/sha256"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"kindling/e2e/internal/build"
	"kindling/e2e/internal/document"
	"kindling/e2e/internal/kindling"
	"kindling/e2e/internal/leaf"
	"kindling/e2e/internal/rig"
	"kindling/e2e/internal/sandbox"
)

// A stockMachine is the root of a stock image with a worker's document, on which the step install runs again and again.
type stockMachine struct {
	t     *testing.T
	layer string // over the image: /srv has what the mirror has
	*sandbox.Sandbox
}

// installSpec is a cluster.yaml whose worker has an operating system and an install method.
func installSpec(t *testing.T, system, install string) string {
	t.Helper()
	return strings.NewReplacer(`"@os@"`, system, `"@install@"`, install).Replace(readFile(t, "testdata/install.yaml"))
}

// newStockMachine makes the documents of the worker of a cluster.yaml, for whose operating system root stands, from what is published.
func newStockMachine(t *testing.T, root, text string, publish func(dir string)) *stockMachine {
	t.Helper()
	m := &stockMachine{t: t, layer: t.TempDir()}
	publish(m.srv())
	beside := t.TempDir()
	spec := filepath.Join(beside, "cluster.yaml")
	for name, content := range map[string]string{spec: text, filepath.Join(beside, "ca.pem"): readFile(t, sharedPKI+"/ca.crt")} {
		if err := os.WriteFile(name, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	documents := kindling.GenerateLocked(t, spec, sharedPKI, m.srv())
	files, err := document.Files(documents.UserData(t, "w0"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		m.put(f.Path, string(f.Content))
	}
	m.put("/etc/hosts", "127.0.0.1 localhost mirror.test\n")
	m.put("/etc/resolv.conf", "nameserver 127.0.0.1\n")
	m.put("/usr/local/lib/serve.py", readFile(t, "testdata/serve.py"))
	m.put("/srv/faults", "")
	m.program("/usr/local/sbin/systemctl", `[ "$1 $2" != "-q is-active" ]`) // no systemd runs here
	m.Sandbox = sandbox.New(t, m.layer, root)
	return m
}

// newDebian is a machine that finds Debian's own packages at the mirror.
func newDebian(t *testing.T, text string, publish func(dir string)) *stockMachine {
	t.Helper()
	root, _, err := build.StockRoot()
	if err != nil {
		t.Fatal(err)
	}
	m := newStockMachine(t, root, text, publish)
	key := rig.NewSigningKey(t, time.Now().Add(-time.Hour), 24*time.Hour)
	rig.PublishDebian(t, key, m.srv("debian"))
	m.put("/etc/apt/keyrings/debian.asc", string(key.Public(t)))
	m.put("/etc/apt/sources.list", "deb [signed-by=/etc/apt/keyrings/debian.asc] http://127.0.0.1:8000/debian/ /\n")
	return m
}

// newRPM is a machine that finds its operating system's own packages at the mirror, by dnf or zypper.
func newRPM(t *testing.T, text string, publish func(dir string)) *stockMachine {
	t.Helper()
	root, err := build.RPMRoot()
	if err != nil {
		t.Fatal(err)
	}
	m := newStockMachine(t, root, text, publish)
	rig.PublishSystemRPMs(t, rig.NewRPMKey(t), m.srv("system"))
	for path, content := range rig.SystemRepository("http://127.0.0.1:8000/system/") {
		m.put(path, content)
	}
	return m
}

// srv is a path on the mirror.
func (m *stockMachine) srv(path ...string) string {
	return filepath.Join(append([]string{m.layer, "srv"}, path...)...)
}

func (m *stockMachine) put(path, content string) {
	m.t.Helper()
	name := filepath.Join(m.layer, path)
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		m.t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(content), 0o644); err != nil {
		m.t.Fatal(err)
	}
}

// program puts a shell script in place.
func (m *stockMachine) program(path, script string) {
	m.t.Helper()
	m.put(path, "#!/bin/sh -e\n"+script)
	if err := os.Chmod(filepath.Join(m.layer, path), 0o755); err != nil {
		m.t.Fatal(err)
	}
}

// install tries the step once, after a script has done something to the machine.
func (m *stockMachine) install(before string) (out string, err error) {
	m.t.Helper()
	return m.tries("install", before)
}

// tries is install for any step.
func (m *stockMachine) tries(step, before string) (out string, err error) {
	m.t.Helper()
	text, err := m.Inside(m.t.Context(), `mkdir -p /run/kindling /var/lib/kindling
serve() { python3 /usr/local/lib/serve.py &>>/var/log/serve.log & until (: </dev/tcp/127.0.0.1/8000) 2>/dev/null; do sleep 0.1; done; }
`+before+`
bash /etc/kindling/run.sh step `+step+` 3>&1`)
	return string(text), err
}

// fails holds that a try fails and says these texts at its end, and that neither kubelet nor containerd is there then.
func (m *stockMachine) fails(what, before string, want ...string) {
	m.t.Helper()
	out, err := m.install(before)
	if err == nil {
		m.t.Errorf("%s: the step passed:\n%s", what, out)
	}
	lines := strings.Split(strings.TrimSpace(out), "\n")
	last := lines[len(lines)-1]
	m.t.Logf("%s: %s", what, last)
	for _, text := range want {
		if !strings.Contains(last, text) {
			m.t.Errorf("%s: the last line lacks %q:\n%s", what, text, out)
		}
	}
}

// passes holds that a try passes once all is well, that every program runs then, and that containerd has each setting.
func (m *stockMachine) passes() {
	m.t.Helper()
	out, err := m.install("serve")
	if err != nil {
		m.t.Fatalf("all is well again, and the step fails: %v\n%s", err, out)
	}
	if out, err := m.Inside(m.t.Context(), "for p in kubelet kubeadm containerd runc; do command -v $p; done; kubeadm version -o short; kubelet --version; runc --version"); err != nil {
		m.t.Errorf("%v\n%s", err, out)
	}
	config, err := m.Inside(m.t.Context(), "containerd config dump")
	if err != nil {
		m.t.Fatal(err)
	}
	checkContainerdConfig(m.t, config)
}

// checkContainerdConfig holds that containerd has read each setting.
func checkContainerdConfig(t *testing.T, config []byte) {
	t.Helper()
	for _, setting := range []string{
		`SystemdCgroup = true`, `sandbox(_image)? = ["']registry\.k8s\.io/pause:`, `bin_dirs? = \[?["']/opt/cni/bin["']`, `conf_dir = ["']/etc/cni/net\.d["']`,
		`config_path = ["']/etc/containerd/certs\.d["']`, `runtime_type = ["']io\.containerd\.runc\.v2["']`,
	} {
		if !regexp.MustCompile(setting).Match(config) {
			t.Errorf("containerd's configuration lacks %s:\n%s", setting, config)
		}
	}
}

// TestContainerdConfig has the configuration read by containerd 1.7 and 2; TestInstallPackagesFails has 1.6.
func TestContainerdConfig(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "config.toml")
	text := strings.ReplaceAll(readFile(t, filepath.Join(kindling.Source(), "templates/install/containerd.toml")), "@PAUSE@", "registry.k8s.io/pause:3.10")
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, version := range []string{build.OlderContainerdVersion, build.ContainerdVersion} {
		t.Run(version, func(t *testing.T) {
			containerd, err := build.Containerd("containerd", version).Path()
			if err != nil {
				t.Fatal(err)
			}
			config, err := exec.Command(containerd, "--config", file, "config", "dump").Output()
			if err != nil {
				t.Fatal(err)
			}
			checkContainerdConfig(t, config)
		})
	}
}

// TestInstallPackagesFails has everything that can go wrong with packages, one after the other on one machine, with the real apt.
func TestInstallPackagesFails(t *testing.T) {
	t.Parallel()
	const repository = "http://mirror.test:8000/pkgs.k8s.io/core:/stable:/v1.35/deb/"
	published := strings.TrimPrefix(repository, "http://mirror.test:8000/")
	key, other := rig.NewSigningKey(t, time.Now().Add(-time.Hour), 24*time.Hour), rig.NewSigningKey(t, time.Now().Add(-time.Hour), 24*time.Hour)
	var dir string
	m := newDebian(t, installSpec(t, "debian", "{method: packages}"), func(srv string) {
		dir = filepath.Join(srv, published)
		rig.Older.PublishPackages(t, key, dir)
	})
	publish := func() {
		t.Helper()
		key.Index(t, dir)
	}

	m.fails("a dead mirror", "", "no key from "+repository+"Release.key", "Failed to connect")
	m.fails("no DNS", "serve; : >/run/hosts; mount --bind /run/hosts /etc/hosts", "no key from "+repository+"Release.key", "Could not resolve host: mirror.test")
	m.put("/srv/faults", "503 /Release.key\n")
	m.fails("503 in the place of the key", "serve", "no key from "+repository+"Release.key", "503")
	m.put("/srv/faults", "503 /deb/InRelease\n503 /deb/Release\n503 /deb/Packages\n")
	m.fails("503 in the place of the index", "serve", "Failed to fetch", repository, "503")
	m.put("/srv/faults", "")
	m.fails("another program holds the lists", "serve; "+holdsLock("/var/lib/apt/lists/lock"), "Could not get lock /var/lib/apt/lists/lock. It is held by process")
	m.put("/srv/faults", "404 amd64.deb\n")
	m.fails("404 in the place of a package", "serve", "Failed to fetch", ".deb", "404")
	m.put("/srv/faults", "")
	m.fails("another program holds dpkg's lock", "serve; "+holdsLock("/var/lib/dpkg/lock-frontend"), "Could not get lock /var/lib/dpkg/lock-frontend. It is held by process")
	m.fails("a full disk", "serve; mount -t tmpfs -o size=2m tmpfs /var/cache/apt/archives; mkdir /var/cache/apt/archives/partial", "You don't have enough free space in /var/cache/apt/archives/")

	other.Index(t, dir)
	m.fails("another key", "serve", "the key from "+repository+"Release.key has the fingerprint "+other.Fingerprint()+" and not "+key.Fingerprint())
	publish()
	signed := m.srv(published, "InRelease")
	good := readFile(t, signed)
	other.Index(t, dir)
	foreign := readFile(t, signed)
	publish()
	for name, text := range map[string]string{"signed by another key": foreign, "changed after it was signed": strings.Replace(good, " Packages\n", " Packages2\n", 1)} {
		if err := os.WriteFile(signed, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		m.fails(name, "serve; rm -r /var/lib/apt/lists", "GPG error: "+strings.TrimSuffix(repository, "/"))
	}
	publish()

	key.Expires(t, 10*time.Minute)
	publish()
	m.fails("a key that has expired", "serve; rm -r /var/lib/apt/lists", "GPG error: "+strings.TrimSuffix(repository, "/"), "EXPKEYSIG")
	key.Expires(t, 24*time.Hour)
	publish()

	kubelet := m.srv(published, "kubelet_1.35.4-1.1_amd64.deb")
	whole := readFile(t, kubelet)
	if err := os.WriteFile(kubelet, []byte(whole[:len(whole)/2]), 0o644); err != nil {
		t.Fatal(err)
	}
	m.fails("a package that is cut short", "serve", "Failed to fetch", "kubelet_1.35.4-1.1_amd64.deb", "unexpected size")
	if err := os.Remove(kubelet); err != nil {
		t.Fatal(err)
	}
	publish()
	m.fails("a package that is gone", "serve", "Unable to locate package kubelet")
	if err := os.WriteFile(kubelet, []byte(whole), 0o644); err != nil {
		t.Fatal(err)
	}
	publish()
	m.passes()
}

// TestInstallRPMsFails has what can go wrong with packages, one after the other on one machine each, with the real dnf and zypper.
func TestInstallRPMsFails(t *testing.T) {
	t.Parallel()
	const repository = "http://mirror.test:8000/pkgs.k8s.io/core:/stable:/v1.35/rpm/"
	for _, test := range []struct {
		system, install string
		forgets         string // what the manager has read of its repositories
		foreign         string // what the console says of an index that another key has signed
		index           string // and of 503 in its place; zypper asks again for minutes
		gone, cut       string // and of a package that is not there or cut short
	}{
		{
			"rocky", "{method: packages, versions: {containerd: 2.4.2, runc: 1.1.5}}", "rm -rf /var/cache/dnf",
			"dnf: Error: Failed to download metadata for repo 'kindling': repomd.xml GPG signature verification error: Bad GPG signature",
			"dnf: Status code: 503 for " + repository + "repodata/repomd.xml",
			"dnf: Status code: 404 for " + repository + "kube", "dnf: kubelet-1.35.4-150500.1.1.x86_64: Cannot download",
		},
		{
			"opensuse", "{method: packages}", "rm -rf /var/cache/zypp",
			"zypper: [kindling|" + repository + "] Valid metadata not found at specified URL - Signature verification failed for repomd.xml",
			"",
			"not found on medium '" + repository + "'", "zypper: Warning: Digest verification failed for file 'kubelet-1.35.4-150500.1.1.x86_64.rpm'",
		},
	} {
		t.Run(test.system, func(t *testing.T) {
			published := strings.TrimPrefix(repository, "http://mirror.test:8000/")
			key, other := rig.NewRPMKey(t), rig.NewRPMKey(t)
			var dir string
			m := newRPM(t, installSpec(t, test.system, test.install), func(srv string) {
				dir = filepath.Join(srv, published)
				rig.Older.PublishRPMs(t, key, dir)
				if err := rig.Older.Publish(srv); err != nil {
					t.Fatal(err)
				}
			})
			m.fails("a dead mirror", "", "no key from "+repository+"repodata/repomd.xml.key", "Failed to connect")
			other.IndexRPMs(t, dir)
			m.fails("another key", "serve", "the key from "+repository+"repodata/repomd.xml.key has the fingerprint "+other.Fingerprint()+" and not "+key.Fingerprint())
			signed := m.srv(published, "repodata/repomd.xml.key")
			if err := os.WriteFile(signed, key.Public(t), 0o644); err != nil {
				t.Fatal(err)
			}
			m.fails("an index signed by another key", "serve; "+test.forgets, test.foreign)
			key.IndexRPMs(t, dir)
			if test.index != "" {
				m.put("/srv/faults", "503 /repomd.xml\n")
				m.fails("503 in the place of the index", "serve; "+test.forgets, test.index)
			}
			m.put("/srv/faults", "404 .rpm\n")
			m.fails("404 in the place of a package", "serve; "+test.forgets, test.gone)
			m.put("/srv/faults", "")
			kubelet := m.srv(published, "kubelet-1.35.4-150500.1.1.x86_64.rpm")
			whole := readFile(t, kubelet)
			if err := os.WriteFile(kubelet, []byte(whole[:len(whole)/2]), 0o644); err != nil {
				t.Fatal(err)
			}
			m.fails("a package that is cut short", "serve", test.cut)
			if err := os.WriteFile(kubelet, []byte(whole), 0o644); err != nil {
				t.Fatal(err)
			}
			if test.system == "opensuse" {
				m.fails("a read-only /usr", "serve; mount --bind /usr /usr; mount -o remount,bind,ro /usr",
					"the image lacks containerd kubeadm=1.35.4-150500.1.1 ", ", and nothing can be installed below a read-only /usr: use an image that has them")
			}
			// The managers ask again themselves.
			m.put("/srv/faults", "1x503 /repomd.xml\n1x503 .rpm\n")
			if out, err := m.Inside(t.Context(), test.forgets); err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			m.passes()
		})
	}
}

// TestInstallTrusts has a mirror whose certificate is from a CA of the site's own, with the real curl, apt, dnf and zypper. All else on the
// machines, such as the operating system's own repository, is as before.
func TestInstallTrusts(t *testing.T) {
	t.Parallel()
	const versions = ", versions: {containerd: 2.4.2, runc: 1.1.5}}"
	certificate, private := leaf.Etcd(t, sharedPKI, "mirror.test", "127.0.0.1", time.Now().Add(-time.Hour))
	text := func(system, install string) string {
		return strings.ReplaceAll(installSpec(t, system, install), "http://mirror.test:8000/", "https://mirror.test:8443/") + "trustedCAFile: ca.pem\n"
	}
	rpms := func(srv string) {
		rig.Older.PublishRPMs(t, rig.NewRPMKey(t), filepath.Join(srv, "pkgs.k8s.io/core:/stable:/v1.35/rpm"))
		if err := rig.Older.Publish(srv); err != nil {
			t.Fatal(err)
		}
	}
	// The roots of dnf and zypper are Debian's. This stands for the operating system's own program, which reads another directory.
	reads := func(m *stockMachine, program, anchors string) {
		m.program("/usr/local/sbin/"+program, "for f in "+anchors+"/*.pem; do cp $f /usr/local/share/ca-certificates/$(basename $f .pem).crt; done\n/usr/sbin/update-ca-certificates\n")
	}
	for name, machine := range map[string]func(t *testing.T) *stockMachine{
		"curl": func(t *testing.T) *stockMachine {
			return newDebian(t, text("debian", "{method: binaries"+versions), func(srv string) {
				if err := rig.Older.Publish(srv); err != nil {
					t.Fatal(err)
				}
			})
		},
		"apt": func(t *testing.T) *stockMachine {
			return newDebian(t, text("debian", "{method: packages}"), func(srv string) {
				key := rig.NewSigningKey(t, time.Now().Add(-time.Hour), 24*time.Hour)
				rig.Older.PublishPackages(t, key, filepath.Join(srv, "pkgs.k8s.io/core:/stable:/v1.35/deb"))
			})
		},
		"dnf": func(t *testing.T) *stockMachine {
			m := newRPM(t, text("rocky", "{method: packages"+versions), rpms)
			reads(m, "update-ca-trust", "/etc/pki/ca-trust/source/anchors")
			return m
		},
		"zypper": func(t *testing.T) *stockMachine {
			m := newRPM(t, text("opensuse", "{method: packages}"), rpms)
			reads(m, "update-ca-certificates", "/etc/pki/trust/anchors")
			return m
		},
	} {
		t.Run(name, func(t *testing.T) {
			m := machine(t)
			m.put("/etc/mirror.pem", string(certificate)+string(private))
			m.fails("a CA that nobody knows", "serve", "https://mirror.test:8443/", "SSL certificate problem: unable to get local issuer certificate")
			if out, err := m.tries("trust", ""); err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			m.passes()
		})
	}
}

// TestInstallModules has a kernel whose image leaves br_netfilter to a package, with the real dnf.
func TestInstallModules(t *testing.T) {
	t.Parallel()
	m := newRPM(t, installSpec(t, "rocky", "{method: binaries, versions: {containerd: 2.4.2, runc: 1.1.5}}"), func(srv string) {
		if err := rig.Older.Publish(srv); err != nil {
			t.Fatal(err)
		}
	})
	m.program("/usr/local/sbin/modprobe", `[ -e "/usr/lib/modules/$(uname -r)/br_netfilter" ]`)
	for _, test := range []struct{ kernel, want string }{
		{"6.12.0-124.7.1.el10_1.x86_64", "dnf: Error: Unable to find a match: kernel-modules-extra-6.12.0-124.7.1.el10_1.x86_64"},
		{"6.12.0-124.8.1.el10_1.x86_64", ""},
	} {
		m.program("/usr/local/sbin/uname", `[ "$1" != -r ] || { echo `+test.kernel+`; exit; }; exec /usr/bin/uname "$@"`)
		out, err := m.tries("modules", "serve")
		if (err == nil) != (test.want == "") || !strings.Contains(out, test.want) {
			t.Errorf("%s: %v\n%s", test.kernel, err, out)
		}
	}
	if out, err := m.Inside(t.Context(), "rpm -q kernel-modules-extra; modprobe br_netfilter"); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

// TestInstallSlowly has a mirror from which one file comes slowly, and another one hardly: the real curl waits for the first, and gives the
// second up.
func TestInstallSlowly(t *testing.T) {
	t.Parallel()
	const mirror = "http://mirror.test:8000/"
	m := newDebian(t, installSpec(t, "debian", "{method: binaries, versions: {containerd: 2.4.2, runc: 1.1.5}}"), func(srv string) {
		if err := rig.Older.Publish(srv); err != nil {
			t.Fatal(err)
		}
	})
	content := strings.Repeat("0123456789", 12_000)
	m.put("/srv/slow", content)
	m.put("/srv/stalled", content)
	line := func(name string) string {
		return fmt.Sprintf("%s %x %064d %s%[1]s\n", name, sha256.Sum256([]byte(content)), 0, mirror)
	}
	m.put("/etc/kindling/downloads", line("slow")+line("stalled"))
	m.put("/srv/faults", "1500B/s /slow\n300B/s /stalled\n")
	m.fails("a slow mirror", "serve", "stalled from "+mirror+"stalled: curl: (28) Operation too slow. Less than 1000 bytes/sec transferred the last 60 seconds")
	if out, err := m.Inside(t.Context(), "cat /usr/local/bin/slow; [ ! -e /usr/local/bin/stalled ]"); err != nil || string(out) != content {
		t.Errorf("the slow file is not there, or the other one is: %d bytes, %v", len(out), err)
	}
}

// holdsLock is a script that holds a lock as apt and dpkg do.
func holdsLock(file string) string {
	return `python3 -c "import fcntl, time; f = open('` + file + `', 'w'); fcntl.lockf(f, fcntl.LOCK_EX); open('/run/held', 'w'); time.sleep(600)" & until [ -e /run/held ]; do sleep 0.1; done`
}

// TestInstallBinariesFails has everything that can go wrong with files, one after the other on one machine, with the real curl.
func TestInstallBinariesFails(t *testing.T) {
	t.Parallel()
	const mirror = "http://mirror.test:8000/dl.k8s.io/release/v1.35.4/bin/linux/amd64/"
	m := newDebian(t, installSpec(t, "debian", "{method: binaries, versions: {containerd: 2.4.2, runc: 1.1.5}}"), func(srv string) {
		if err := rig.Older.Publish(srv); err != nil {
			t.Fatal(err)
		}
	})
	kubelet := m.srv("dl.k8s.io/release/v1.35.4/bin/linux/amd64/kubelet")
	whole := readFile(t, kubelet)
	serves := func(content string) {
		t.Helper()
		if err := os.WriteFile(kubelet, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	const full = "serve; mkdir -p /usr/local/bin/.kubelet; mount -t tmpfs -o size=2m tmpfs /usr/local/bin"

	m.fails("no DNS", "serve; echo '127.0.0.1 localhost' >/run/hosts; mount --bind /run/hosts /etc/hosts", "kubelet from "+mirror+"kubelet: curl: (6) Could not resolve host: mirror.test")
	m.fails("a full disk", full, "kubelet from "+mirror+"kubelet: ", "curl: (23)")
	for _, status := range []string{"404", "429", "503"} {
		m.put("/srv/faults", status+" /kubelet\n")
		m.fails(status, "serve", "kubelet from "+mirror+"kubelet: curl: (22) The requested URL returned error: "+status)
	}
	m.put("/srv/faults", "")
	for name, test := range map[string]struct{ content, want string }{
		"another file":                   {"other", "its SHA-256 is d9298a10d1b0735837dc4bd85dac641b0f3cef27a47e5d53a54f2f3f5b2fcffa and not "},
		"a file that is cut short":       {whole[:len(whole)/2], "its SHA-256 is "},
		"a page in the place of a file":  {"<!DOCTYPE html>\n<HTML>Log in</HTML>", ", and it is a web page"},
		"nothing in the place of a file": {"", "its SHA-256 is "},
	} {
		serves(test.content)
		m.fails(name, "serve", "kubelet from "+mirror+"kubelet: ", test.want)
	}
	serves(whole)
	m.passes()
	for rules, want := range map[string]string{
		"true":                                "",
		"iptables -P INPUT DROP":              "kindling w0 T firewall: iptables is on: it has to let in TCP 10250, the pod network, and all from 192.168.0.0/16\n",
		"iptables -A INPUT -p icmp -j REJECT": "kindling w0 T firewall: iptables is on: it has to let in TCP 10250, the pod network, and all from 192.168.0.0/16\n",
		"iptables -N KUBE-FIREWALL; iptables -A KUBE-FIREWALL -j DROP; iptables -A INPUT -j KUBE-FIREWALL": "",
	} {
		out, err := m.Inside(t.Context(), rules+"; bash /etc/kindling/run.sh step firewall 3>&1")
		if got := regexp.MustCompile(` [0-9:]{8} `).ReplaceAllString(string(out), " T "); err != nil || got != want {
			t.Errorf("%s: %q, %v", rules, got, err)
		}
	}
}
