package templates

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/ProtonMail/go-crypto/openpgp"
	"github.com/ProtonMail/go-crypto/openpgp/armor"
	"github.com/ProtonMail/go-crypto/openpgp/packet"
)

func TestInstallBinaries(t *testing.T) {
	t.Parallel()
	const (
		bin    = "/var/lib/bin"
		state  = "/var/lib/kindling/installed/"
		config = "version = 2\nsandbox_image = \"@PAUSE@\"\n"
		// curl finds the mirror in /run/web.
		curl = `while [ $# -gt 1 ]; do [ "$1" != -o ] || out=$2; shift; done
! grep -s '^curl:' "/run/web/${1#http://m/}" -A 9 >&2 || exit 60
cp "/run/web/${1#http://m/}" "$out" 2>/dev/null || { echo "curl: (22) The requested URL returned error: 404" >&2; exit 22; }`
		untrusted = "curl: (60) SSL certificate problem: self-signed certificate\nMore details here\n\nTo learn more about this situation, visit the web page\n"
		images    = `[ "$1 $2" != "config images" ] || printf 'r.example/%s\n' kube-proxy:v1 pause:3.10 etcd:3`
	)
	archive := func(names ...string) string {
		var b bytes.Buffer
		compressed := gzip.NewWriter(&b)
		files := tar.NewWriter(compressed)
		for _, name := range names {
			if err := files.WriteHeader(&tar.Header{Name: name, Mode: 0o644, Size: int64(len(name))}); err != nil {
				t.Fatal(err)
			}
			fmt.Fprint(files, name)
		}
		if err := files.Close(); err != nil {
			t.Fatal(err)
		}
		if err := compressed.Close(); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	web := map[string]string{
		"kubeadm": "new kubeadm", "runc.amd64": "new runc", "crictl-1.tar.gz": archive("crictl"),
		"containerd-1.tar.gz": archive("bin/containerd", "bin/ctr"), "cni-1.tgz": archive("./bridge", "./loopback"),
	}
	sum := func(content string) string { return fmt.Sprintf("%x", sha256.Sum256([]byte(content))) }
	// machine is one with these files at the mirror, and then further files by path and content.
	machine := func(served map[string]string, more ...string) map[string]string {
		var list strings.Builder
		for program, file := range map[string]string{"kubeadm": "kubeadm", "runc": "runc.amd64", "crictl": "crictl-1.tar.gz", "containerd": "containerd-1.tar.gz", "cni-plugins": "cni-1.tgz"} {
			fmt.Fprintf(&list, "%s %s %064d http://m/%s\n", program, sum(web[file]), 0, strings.Replace(file, "amd64", "@", 1))
		}
		files := map[string]string{"/etc/kindling/downloads": list.String(), "/etc/kindling/containerd.toml": config}
		for name, content := range served {
			files["/run/web/"+name] = content
		}
		for i := 0; i < len(more); i += 2 {
			files[more[i]] = more[i+1]
		}
		return files
	}
	without := func(name string, content ...string) map[string]string {
		served := map[string]string{}
		for other := range web {
			if other != name {
				served[other] = web[other]
			} else if content != nil {
				served[name] = content[0]
			}
		}
		return served
	}
	installed := func(more ...string) map[string]string {
		files := map[string]string{
			bin + "/kubeadm": "new kubeadm", bin + "/runc": "new runc", bin + "/crictl": "crictl", bin + "/containerd": "bin/containerd", bin + "/ctr": "bin/ctr",
			"/opt/cni/bin/bridge": "./bridge", "/opt/cni/bin/loopback": "./loopback",
			"/etc/containerd/config.toml": "version = 2\nsandbox_image = \"r.example/pause:3.10\"\n", state + "kubeadm": sum("new kubeadm") + "\n",
		}
		for i := 0; i < len(more); i += 2 {
			files[more[i]] = more[i+1]
		}
		return files
	}
	done := []string{"kubeadm config images list --kubernetes-version v1.34.4 --image-repository r.example", "systemctl daemon-reload", "systemctl try-restart containerd.service kubelet.service"}
	fails := func(text string) outcome {
		return outcome{code: 1, err: text, console: []string{"install: fetches 5 programs"}}
	}
	boots := map[string]boot{
		"a blank machine": {
			files: machine(web), want: outcome{console: []string{"install: fetches 5 programs"}, calls: done, files: installed(bin+"/.kubeadm", "-", state+"runc", sum("new runc")+"\n")},
		},
		"what is in place is not fetched again": {
			files: machine(without("kubeadm"), state+"kubeadm", sum("new kubeadm")+"\n", bin+"/kubeadm", "new kubeadm"),
			want:  outcome{console: []string{"install: fetches 4 programs"}, calls: done, files: installed()},
		},
		"another release takes the place of the old one": {
			files: machine(web, state+"kubeadm", sum("old kubeadm")+"\n", bin+"/kubeadm", "old kubeadm", "/etc/containerd/config.toml", "the distribution's"),
			want:  outcome{console: []string{"install: fetches 5 programs"}, calls: done, files: installed()},
		},
		"what a power cut has left": {
			files: machine(web, bin+"/.kubeadm/.download", "new ku", state+"kubeadm.new", ""),
			want:  outcome{console: []string{"install: fetches 5 programs"}, calls: done, files: installed(bin+"/.kubeadm/.download", "-")},
		},
		"a file that the mirror does not have, and what has arrived stays": {
			files: machine(without("kubeadm")), want: fails("kubeadm from http://m/kubeadm: curl: (22) The requested URL returned error: 404"),
		},
		"a server that curl does not trust": {
			files: machine(without("kubeadm", untrusted)), want: fails("kubeadm from http://m/kubeadm: curl: (60) SSL certificate problem: self-signed certificate"),
		},
		"another file": {
			files: machine(without("runc.amd64", "old runc")),
			want:  fails("runc from http://m/runc.amd64: its SHA-256 is " + sum("old runc") + " and not " + sum("new runc")),
		},
		"a page in the place of a file": {
			files: machine(without("runc.amd64", "<!DOCTYPE html>\n<HTML>Log in</HTML>")),
			want: fails("runc from http://m/runc.amd64: its SHA-256 is " + sum("<!DOCTYPE html>\n<HTML>Log in</HTML>") + " and not " + sum("new runc") +
				", and it is a web page"),
		},
	}
	extension := "kubernetes.raw " + sum("an extension") + " " + sum("for arm64") + " http://m/kubernetes-^.raw\n"
	boots["a system extension"] = boot{
		variants: []string{"install/sysext.sh"}, files: map[string]string{"/etc/kindling/downloads": extension, "/etc/kindling/containerd.toml": config, "/run/web/kubernetes-x86-64.raw": "an extension"},
		want: outcome{
			console: []string{"install: fetches 1 programs"}, calls: append([]string{"systemctl enable systemd-sysext.service"}, done...),
			files: map[string]string{"/var/lib/extensions/kubernetes.raw": "an extension", "/run/told": "refresh\n", bin + "/kubernetes.raw": "-"},
		},
	}
	for name, b := range boots {
		b.try, b.aside = "install", "curl"
		b.env = map[string]string{"BIN": bin, "IMAGE_REPOSITORY": "r.example", "PACKAGE_OF": "curl=curl"}
		b.stubs = map[string]string{"curl": curl, "kubeadm": images, "systemd-sysext": `echo "$*" >>/run/told`}
		if b.want.code != 0 {
			b.want.files = map[string]string{bin + "/containerd": "bin/containerd", state + "containerd": sum(web["containerd-1.tar.gz"]) + "\n", "/etc/containerd/config.toml": "-"}
		}
		boots[name] = b
	}
	runAll(t, boots)
}

func TestTrust(t *testing.T) {
	t.Parallel()
	runAll(t, map[string]boot{
		"the operating system reads the CAs, and containerd what it trusts": {
			try: "trust", env: map[string]string{"TRUST": "update-ca-trust"}, stubs: map[string]string{"update-ca-trust": `echo "$(umask) $*" >/run/told`},
			want: outcome{calls: []string{"systemctl -q is-active containerd.service", "systemctl restart containerd.service"}, files: map[string]string{"/run/told": "0022 \n"}},
		},
		"containerd is yet to come": {
			try: "trust", env: map[string]string{"TRUST": "update-ca-trust"}, stubs: map[string]string{"update-ca-trust": "", "systemctl": "exit 4"},
			want: outcome{calls: []string{"systemctl -q is-active containerd.service"}},
		},
		"it fails": {
			try: "trust", env: map[string]string{"TRUST": "update-ca-trust"}, stubs: map[string]string{"update-ca-trust": `echo "no space left" >&2; exit 1`},
			want: outcome{code: 1, err: "no space left"},
		},
		"an image without it": {
			try: "trust", env: map[string]string{"TRUST": "update-ca-nothing"},
			want: outcome{code: 1, err: "this image lacks update-ca-nothing, which is in its package ca-certificates"},
		},
	})
}

func TestModules(t *testing.T) {
	t.Parallel()
	const kernel = `[ "$1" != -r ] || echo 6.12.0-124.8.1.el10_1.x86_64`
	boots := map[string]boot{
		"an image that has them": {want: outcome{calls: []string{"modprobe -qn br_netfilter"}, files: map[string]string{"/run/told": "-"}}},
		"an image of version 10": {
			stubs: map[string]string{"modprobe": "exit 1", "uname": kernel, "dnf": `echo "${@: -1}" >/run/told`},
			want: outcome{
				console: []string{"modules: installs kernel-modules-extra for this kernel"}, calls: []string{"modprobe -qn br_netfilter"},
				files: map[string]string{"/run/told": "kernel-modules-extra-6.12.0-124.8.1.el10_1.x86_64\n"},
			},
		},
		"an old image, whose kernel's are gone": {
			stubs: map[string]string{"modprobe": "exit 1", "uname": kernel, "dnf": `echo "Error: Unable to find a match: ${@: -1}" >&2; exit 1`},
			want: outcome{
				code: 1, err: "dnf: Error: Unable to find a match: kernel-modules-extra-6.12.0-124.8.1.el10_1.x86_64",
				console: []string{"modules: installs kernel-modules-extra for this kernel"}, calls: []string{"modprobe -qn br_netfilter"},
			},
		},
	}
	for name, b := range boots {
		b.try, b.variants, b.env = "modules", []string{"install/dnf.sh"}, map[string]string{"EXTRA_MODULES": "kernel-modules-extra"}
		boots[name] = b
	}
	runAll(t, boots)
}

func TestFirewall(t *testing.T) {
	t.Parallel()
	const (
		off    = "[ $2 != is-active ] || exit 3"
		closed = "-P INPUT DROP\n-A INPUT -j ufw-before-input\n"
		open   = "-P INPUT ACCEPT\n-A INPUT -j KUBE-FIREWALL\n-A INPUT -j f2b-DROP\n"
		last   = "-P INPUT ACCEPT\n-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT\n-A INPUT -j REJECT --reject-with icmp-host-prohibited\n"
	)
	boots := map[string]boot{
		"firewalld":                       {want: outcome{console: []string{"firewall: firewalld is on: it has to let in TCP 10250"}}},
		"ufw":                             {stubs: map[string]string{"systemctl": off, "iptables": "printf '%s' '" + closed + "'"}, files: map[string]string{"/etc/ufw/ufw.conf": "# on\nENABLED=yes\nLOGLEVEL=low\n"}, want: outcome{console: []string{"firewall: ufw is on: it has to let in TCP 10250"}}},
		"rules of the image's own":        {stubs: map[string]string{"systemctl": off, "iptables": "printf '%s' '" + last + "'"}, want: outcome{console: []string{"firewall: iptables is on: it has to let in TCP 10250"}}},
		"another policy":                  {stubs: map[string]string{"systemctl": off, "iptables": "printf '%s' '" + closed + "'"}, want: outcome{console: []string{"firewall: iptables is on: it has to let in TCP 10250"}}},
		"ufw is there, and Kubernetes is": {stubs: map[string]string{"systemctl": off, "iptables": "printf '%s' '" + open + "'"}, files: map[string]string{"/etc/ufw/ufw.conf": "ENABLED=no\n"}},
		"no iptables":                     {stubs: map[string]string{"systemctl": off, "iptables": "echo 'no such program' >&2; exit 127"}},
	}
	for name, b := range boots {
		b.try, b.env = "firewall", map[string]string{"LETS_IN": "TCP 10250"}
		b.want.calls = []string{"systemctl -q is-active firewalld"}
		boots[name] = b
	}
	runAll(t, boots)
}

// TestInstallPackages has the package managers as stubs: what they are told, and what is said of their errors.
func TestInstallPackages(t *testing.T) {
	t.Parallel()
	key, print := openPGPKey(t, nil)
	ed25519, ed25519Print := openPGPKey(t, &packet.Config{Algorithm: packet.PubKeyAlgoEdDSA})
	const (
		packageOf = "kubelet=never asket=asket-tools gone=gone-tools"
		programs  = "asket kubelet"
		told      = `printf '%s\n' "${0##*/} $*" >>/run/told; `
		source    = "Types: deb\nURIs: http://m/deb/\nSuites: /\nSigned-By: /etc/apt/keyrings/kindling.asc\n"
	)
	env := func(more ...string) map[string]string {
		values := map[string]string{"PACKAGE_OF": packageOf, "PROGRAMS": programs, "IMAGE_REPOSITORY": "r.example", "REPOSITORY": "http://m/deb/", "REPOSITORY_KEY": print}
		for i := 0; i < len(more); i += 2 {
			values[more[i]] = more[i+1]
		}
		return values
	}
	apt := func(answers string) map[string]string {
		return map[string]string{
			"dpkg": told, "apt-mark": told, "apt-get": told + answers, "dpkg-query": "exit 1",
			"curl":    `while [ $# -gt 1 ]; do [ "$1" != -o ] || out=$2; shift; done; cat "/run/web/${1#http://m/}" >"$out" 2>/dev/null || { echo "curl: (22) The requested URL returned error: 503" >&2; exit 22; }`,
			"kubeadm": `[ "$1 $2" != "config images" ] || echo r.example/pause:3.10`,
		}
	}
	const installs = "install: installs asket-tools"
	update := "dpkg --configure -a --force-confold\napt-get -q update\n"
	fails := func(log, err string) boot {
		return boot{
			variants: []string{"install/helpers.sh"}, env: env(),
			stubs: apt(`[ "$2" != update ] || printf '%s\n' "` + log + `"; [ "$2" != install ] || { echo "E: Unable to locate package asket-tools"; exit 100; }`),
			want:  outcome{code: 1, err: "apt: " + err, console: []string{installs}},
		}
	}
	community := func(key, print string, want outcome) boot {
		return boot{
			variants: []string{"install/packages.sh"}, env: env("PACKAGES", "containerd kubelet=1.34.4-1.1", "REPOSITORY_KEY", print, "BIN", "/var/lib/bin"), aside: "curl",
			files: map[string]string{"/etc/kindling/containerd.toml": "sandbox_image = \"@PAUSE@\"\n", "/etc/kindling/downloads": "", "/run/web/deb/Release.key": key},
			stubs: apt(""), want: want,
		}
	}
	installed := outcome{
		console: []string{"install: installs containerd kubelet=1.34.4-1.1 asket-tools"},
		calls: []string{"kubeadm config images list --kubernetes-version v1.34.4 --image-repository r.example", "systemctl daemon-reload",
			"systemctl try-restart containerd.service kubelet.service"},
		files: map[string]string{
			"/run/told": update + "apt-get -qy install --no-install-recommends --allow-downgrades --allow-change-held-packages containerd kubelet=1.34.4-1.1 asket-tools\napt-mark -q hold kubelet\n",
			"/etc/apt/sources.list.d/kindling.sources": source, "/etc/containerd/config.toml": "sandbox_image = \"r.example/pause:3.10\"\n",
		},
	}
	const dnf = "dnf -y --setopt=install_weak_deps=False --setopt=retries=2 --setopt=timeout=30 --setopt=exit_on_lock=True --setopt=disable_excludes=kindling --allowerasing install "
	with := func(stubs map[string]string, name, body string) map[string]string {
		stubs[name] = body
		return stubs
	}
	rpm := func(manager, orders, list string) boot {
		stubs := with(apt(""), "rpm", `[ "$1" != -q ] || { [ "$4" = kubeadm ] && echo -n 1.34.4-150500.1.1; exit; }; `+told)
		stubs["dnf"], stubs["zypper"] = told, told
		return boot{
			variants: []string{"install/packages.sh", "install/rpm.sh", manager}, aside: "curl", stubs: stubs,
			env:   env("PACKAGES", "kubeadm=1.34.4-150500.1.1 kubelet=1.34.4-150500.1.1", "REPOSITORY", "http://m/rpm/", "BIN", "/var/lib/bin"),
			files: map[string]string{"/etc/kindling/containerd.toml": "sandbox_image = \"@PAUSE@\"\n", "/etc/kindling/downloads": "", "/run/web/rpm/repodata/repomd.xml.key": key},
			want: outcome{
				console: []string{"install: installs kubelet=1.34.4-150500.1.1 asket-tools"}, calls: installed.calls,
				files: map[string]string{
					"/run/told": orders, list: "[kindling]\nname=Kubernetes\nbaseurl=http://m/rpm/\nenabled=1\ngpgcheck=1\nrepo_gpgcheck=1\ngpgkey=file:///etc/pki/rpm-gpg/kindling.asc\n" +
						"exclude=kubelet kubeadm kubectl kubernetes-cni cri-tools\n",
				},
			},
		}
	}
	boots := map[string]boot{
		"nothing is missing": {
			variants: []string{"install/helpers.sh"}, env: env("PROGRAMS", "kubelet"), stubs: apt(""), want: outcome{files: map[string]string{"/run/told": "-"}},
		},
		"a load balancer with a virtual IP": {
			variants: []string{"install/helpers.sh"}, env: env("PROGRAMS", "kubelet", "PACKAGE_OF", "keepalived=keepalived"), stubs: apt(""),
			files: map[string]string{"/etc/kindling/keepalived.conf": ""}, want: outcome{console: []string{"install: installs keepalived"}},
		},
		"the operating system's own": {
			variants: []string{"install/helpers.sh"}, env: env("PROXY", "http://proxy:3128"), stubs: apt(""), want: outcome{console: []string{installs}, files: map[string]string{
				"/run/told": update + "apt-get -qy install --no-install-recommends --allow-downgrades --allow-change-held-packages asket-tools\n",
				"/run/kindling/install/apt.conf": "Dpkg::Options:: \"--force-confold\";\nAcquire::Retries \"2\";\nAcquire::http::Timeout \"30\";\nAcquire::https::Timeout \"30\";\n" +
					"Acquire::http::Proxy \"http://proxy:3128\";\nAcquire::https::Proxy \"http://proxy:3128\";\n",
			}},
		},
		"a lock that another program holds": fails("E: Could not get lock /var/lib/apt/lists/lock. It is held by process 7 (apt-get)",
			"Could not get lock /var/lib/apt/lists/lock. It is held by process 7 (apt-get)"),
		"a repository that does not answer": fails("W: Failed to fetch http://m/deb/InRelease  503  Service Unavailable", "Failed to fetch http://m/deb/InRelease  503  Service Unavailable"),
		"a key that has expired":            fails("W: GPG error: http://m/deb  InRelease: The following signatures were invalid: EXPKEYSIG 2346", "GPG error: http://m/deb  InRelease: The following signatures were invalid: EXPKEYSIG 2346"),
		"a package that is gone":            fails("Hit:1 http://m/deb  InRelease", "Unable to locate package asket-tools"),
		"dnf": {
			variants: []string{"install/dnf.sh", "install/helpers.sh"}, env: env(), stubs: map[string]string{"dnf": told}, want: outcome{console: []string{installs}, files: map[string]string{
				"/run/told": dnf + "asket-tools\n",
			}},
		},
		"dnf fails": {
			variants: []string{"install/dnf.sh", "install/helpers.sh"}, env: env(), stubs: map[string]string{"dnf": `echo "Error: Unable to find a match: asket-tools" >&2; exit 1`},
			want: outcome{code: 1, err: "dnf: Error: Unable to find a match: asket-tools", console: []string{installs}},
		},
		"zypper": {
			variants: []string{"install/zypper.sh", "install/helpers.sh"}, env: env(), stubs: map[string]string{"zypper": told}, want: outcome{console: []string{installs}, files: map[string]string{
				"/run/told": "zypper -n install --no-recommends --oldpackage --allow-vendor-change asket-tools\n",
			}},
		},
		"the community's, by dnf, of which the machine has one": rpm("install/dnf.sh",
			"rpm --import /etc/pki/rpm-gpg/kindling.asc\n"+dnf+"kubelet-1.34.4-150500.1.1 asket-tools\n", "/etc/yum.repos.d/kindling.repo"),
		"the community's, by zypper, of which the machine has one": rpm("install/zypper.sh",
			"rpm --import /etc/pki/rpm-gpg/kindling.asc\nzypper -nq removelock kubelet\n"+
				"zypper -n install --no-recommends --oldpackage --allow-vendor-change kubelet=1.34.4-150500.1.1 asket-tools\nzypper -nq addlock kubeadm kubelet\n", "/etc/zypp/repos.d/kindling.repo"),
		"all packages are there": {
			variants: []string{"install/packages.sh"}, env: env("PACKAGES", "containerd kubelet=1.34.4-1.1", "PROGRAMS", "kubelet", "BIN", "/var/lib/bin"),
			files: map[string]string{"/etc/kindling/containerd.toml": "sandbox_image = \"@PAUSE@\"\n", "/etc/kindling/downloads": ""},
			stubs: with(apt(""), "dpkg-query", `[ "$4" = kubelet ] && v=1.34.4-1.1 || v=1.7.24; f=${3/'${db:Status-Status}'/installed}; echo "${f/'${Version}'/$v}"`),
			want:  outcome{calls: installed.calls, files: map[string]string{"/run/told": "apt-mark -q hold kubelet\n", "/etc/apt/sources.list.d/kindling.sources": "-"}},
		},
		"one in another version": {
			variants: []string{"install/packages.sh"}, env: env("PACKAGES", "containerd kubelet=1.34.4-1.1", "PROGRAMS", "kubelet", "BIN", "/var/lib/bin"), aside: "curl",
			files: map[string]string{"/etc/kindling/containerd.toml": "sandbox_image = \"@PAUSE@\"\n", "/etc/kindling/downloads": "", "/run/web/deb/Release.key": key},
			stubs: with(apt(""), "dpkg-query", `f=${3/'${db:Status-Status}'/installed}; echo "${f/'${Version}'/1.34.3-1.1}"`),
			want:  outcome{console: []string{"install: installs kubelet=1.34.4-1.1"}, calls: installed.calls},
		},
		"the community's":                 community(key, print, installed),
		"a short key":                     community(ed25519, ed25519Print, installed),
		"an older form of the packet":     community(oldPacket(t, key), print, installed),
		"a short key in the older form":   community(oldPacket(t, ed25519), ed25519Print, installed),
		"another key":                     community(ed25519, print, outcome{code: 1, err: "the key from http://m/deb/Release.key has the fingerprint " + ed25519Print + " and not " + print}),
		"a page in the place of the key":  community("<html>\n\nLog in</html>\n", print, outcome{code: 1, err: "what http://m/deb/Release.key has is no key"}),
		"nothing in the place of the key": community("", print, outcome{code: 1, err: "what http://m/deb/Release.key has is no key"}),
	}
	dead := community(key, print, outcome{code: 1, err: "no key from http://m/deb/Release.key: curl: (22) The requested URL returned error: 503"})
	dead.files = map[string]string{"/etc/apt/keyrings/kindling.asc": "as before"}
	dead.want.files = map[string]string{"/etc/apt/keyrings/kindling.asc": "as before", "/etc/apt/sources.list.d/kindling.sources": "-"}
	boots["no answer in the place of the key"] = dead
	for name, b := range boots {
		b.try = "install"
		boots[name] = b
	}
	runAll(t, boots)
}

// openPGPKey returns an armored key and its fingerprint.
func openPGPKey(t *testing.T, config *packet.Config) (armored, print string) {
	t.Helper()
	entity, err := openpgp.NewEntity("test", "", "test@example.com", config)
	if err != nil {
		t.Fatal(err)
	}
	var key bytes.Buffer
	if err := entity.Serialize(&key); err != nil {
		t.Fatal(err)
	}
	return armor64(t, key.Bytes()), fmt.Sprintf("%X", entity.PrimaryKey.Fingerprint)
}

func armor64(t *testing.T, key []byte) string {
	t.Helper()
	var text bytes.Buffer
	out, err := armor.Encode(&text, openpgp.PublicKeyType, map[string]string{"Version": "test"})
	if err != nil {
		t.Fatal(err)
	}
	_, err = out.Write(key)
	if err := errors.Join(err, out.Close()); err != nil {
		t.Fatal(err)
	}
	return text.String() + "\n"
}

// oldPacket writes a key's first packet as GnuPG does (RFC 9580, 4.2.2), and leaves the rest out.
func oldPacket(t *testing.T, armored string) string {
	t.Helper()
	block, err := armor.Decode(strings.NewReader(armored))
	if err != nil {
		t.Fatal(err)
	}
	key, err := packet.Read(block.Body)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := key.(*packet.PublicKey).SerializeForHash(&out); err != nil {
		t.Fatal(err)
	}
	raw := out.Bytes() // with the header of an old packet with a length of two bytes
	if raw[1] == 0 {
		raw = append([]byte{0x98}, raw[2:]...)
	}
	return armor64(t, raw)
}
