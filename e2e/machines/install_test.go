package machines

import (
	"fmt"
	"maps"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"kindling/e2e/internal/kindling"
	"kindling/e2e/internal/rig"

	"github.com/google/go-cmp/cmp"
)

// publishers is where the rig serves what publishers have at their own hosts.
var publishers = netip.MustParsePrefix("10.0.0.4/24")

// TestStockImages boots machines that have nothing of Kubernetes: a control plane that installs packages with apt, a worker that does so
// with dnf, one that fetches binaries, and one with a read-only /usr that fetches a system extension. What publishers have is at a mirror
// whose CA only trustedCAFile has. A proxy, which asks for a password, is all that leads there.
func TestStockImages(t *testing.T) {
	t.Parallel()
	c := newStockCluster(t, "testdata/stock.yaml", "mirror.test")
	proxy := c.ServeProxy(netip.MustParsePrefix("10.0.0.8/24"), url.UserPassword("kindling", "100%&$x"), map[string]netip.Addr{
		"mirror.test": publishers.Addr(), "images.test": registry.Addr(),
	})
	c.Boot(c.names("")...)
	c.checkCluster()
	c.checkWorkload()
	c.checkRunsFrom("/usr/bin/", "cp0", "w1")
	c.checkRunsFrom("/usr/local/bin/", "w0")
	c.checkRunFrom("w2", "kubelet", "/usr/bin/")
	c.checkRunFrom("w2", "containerd", "/usr/local/bin/")
	c.checkRegistry()
	c.checkProxy(proxy)
	c.checkSettings()
	if held := strings.Fields(c.run("cp0", "apt-mark", "showhold")); !slices.Equal(held, []string{"kubeadm", "kubectl", "kubelet", "kubernetes-cni"}) {
		t.Errorf("these packages are held: %v", held)
	}
}

// checkProxy checks that what the machines have fetched, and nothing else, came through the proxy. The pod network did not: its address
// is in noProxy.
func (c *cluster) checkProxy(proxy *rig.Proxy) {
	c.t.Helper()
	want := []string{"images.test:443", "mirror.test/debian", "mirror.test/system", "mirror.test:443"} // what is asked for by HTTPS cannot be seen
	if diff := cmp.Diff(want, proxy.Asked()); diff != "" {
		c.t.Errorf("what the proxy was asked for (-want +got):\n%s", diff)
	}
	for _, name := range c.names("") {
		const search = "grep -lis proxy= /etc/kubernetes/manifests/*; for p in $(pgrep -x 'kubelet|kube-.*|etcd|coredns|flanneld'); do tr '\\0' '\\n' </proc/$p/environ | grep -i _proxy= && ps -o args= $p; done; true"
		if told := c.run(name, "bash", "-c", search); told != "" {
			c.t.Errorf("these on %s are told about the proxy:\n%s", name, told)
		}
		if mode := c.run(name, "stat", "--format=%a %U", "/etc/kindling/proxy.env"); mode != "600 root\n" {
			c.t.Errorf("the password on %s is in a file with mode %s", name, mode)
		}
	}
}

// checkSettings checks that machines of all systems, in their first boot, have what extraFiles set.
func (c *cluster) checkSettings() {
	c.t.Helper()
	for _, name := range c.names("") {
		if value := c.run(name, "cat", "/proc/sys/net/core/somaxconn"); value != "8192\n" {
			c.t.Errorf("net.core.somaxconn on %s is %s", name, value)
		}
		if environ := c.run(name, "bash", "-c", "tr '\\0' '\\n' </proc/$(pgrep -xo containerd)/environ"); !strings.Contains(environ, "CORP=yes\n") {
			c.t.Errorf("containerd on %s does not have its drop-in: %s", name, environ)
		}
	}
}

// newStockCluster adds machines with stock images. They find what publishers have, and Debian's packages, at the host of a mirror. On w1,
// another program holds dpkg's lock at first.
func newStockCluster(t *testing.T, spec, mirror string) *cluster {
	t.Helper()
	published := t.TempDir()
	key := rig.NewSigningKey(t, time.Now().Add(-time.Hour), 24*time.Hour)
	rig.PublishDebian(t, key, filepath.Join(published, "debian"))
	rpmKey := rig.NewRPMKey(t)
	rig.PublishSystemRPMs(t, rpmKey, filepath.Join(published, "system"))
	const minor = "pkgs.k8s.io/core:/stable:/v1.37/"
	rig.Current.PublishPackages(t, key, filepath.Join(published, minor+"deb"))
	rig.Current.PublishRPMs(t, rpmKey, filepath.Join(published, minor+"rpm"))
	if err := rig.Current.Publish(published); err != nil {
		t.Fatal(err)
	}
	c := newCluster(t, kindling.GenerateLocked(t, spec, sharedPKI, published), func(c *cluster, m *rig.Machine) {
		m.Files = maps.Clone(stockFiles)
		put := func(path, content string) { m.Files[path] = rig.File{Mode: 0o644, Content: []byte(content)} }
		switch c.node(m.Name).OS {
		case "flatcar":
			m.Image = rig.NoKubernetes
			put("etc/systemd/system/loop.service", loopService)
			put("etc/systemd/system/sysinit.target.d/loop.conf", "[Unit]\nWants=loop.service\n")
			maps.Copy(m.Files, rig.FlatcarContainerd(t))
			m.Files["usr/local/sbin/update-ca-certificates"] = rig.File{Mode: 0o755, Content: []byte(flatcarTrust)}
		case "rocky", "opensuse":
			m.Image = rig.StockRPM
			m.Files["usr/local/sbin/update-ca-trust"] = rig.File{Mode: 0o755, Content: []byte(redHatTrust)}
			for path, content := range rig.SystemRepository("http://" + mirror + "/system/") {
				put(strings.TrimPrefix(path, "/"), content)
			}
		default:
			m.Image = rig.Stock
			put("etc/apt/keyrings/debian.asc", string(key.Public(t)))
			put("etc/apt/sources.list", "deb [signed-by=/etc/apt/keyrings/debian.asc] http://"+mirror+"/debian/ /\n")
		}
		if m.Name == "w1" {
			put("etc/systemd/system/hold.service", holdService)
			put("etc/systemd/system/sysinit.target.d/hold.conf", "[Unit]\nWants=hold.service\n")
		}
	})
	c.ServeFiles(publishers, os.DirFS(published))
	c.ServeFilesTLS(publishers, c.certificate("mirror.test", publishers), os.DirFS(published))
	c.ServeRegistry(registry, c.certificate("images.test", registry), "mirror/rig/pause")
	return c
}

// registry is where the rig serves what is an image of registry.test by cluster.yaml. The CA of its certificate is only in caFile or
// trustedCAFile.
var registry = netip.MustParsePrefix("10.0.0.6/24")

// checkRegistry runs a pod on each machine whose image only the mirror of its registry has.
func (c *cluster) checkRegistry() {
	c.t.Helper()
	c.admin.mustKubectl("apply", "--filename=testdata/mirrored.yaml")
	c.Eventually("each machine runs a pod with an image from the mirror", func() (string, bool) {
		out, err := c.admin.kubectl("get", "daemonset", "mirrored", "--output=jsonpath={.status.numberReady}")
		return fmt.Sprint(out, err), err == nil && out == fmt.Sprint(len(c.names("")))
	})
}

// Programs that read CAs from where these operating systems have them: the machines that stand for them have Debian's.
const (
	flatcarTrust = "#!/bin/sh -e\nopenssl rehash /etc/ssl/certs\ncat /etc/ssl/certs/*.[0-9] >/run/bundle\ncp /run/bundle /etc/ssl/certs/ca-certificates.crt\n"
	redHatTrust  = "#!/bin/sh -e\nfor f in /etc/pki/ca-trust/source/anchors/*.pem; do cp $f /usr/local/share/ca-certificates/$(basename $f .pem).crt; done\nupdate-ca-certificates\n"
)

// holdService has dpkg's lock for the first minute, as an unattended upgrade may.
const holdService = `[Unit]
ConditionPathExists=!/var/lib/held
[Service]
ExecStartPre=touch /var/lib/held
ExecStart=python3 -c "import fcntl, time; f = open('/var/lib/dpkg/lock-frontend', 'w'); fcntl.lockf(f, fcntl.LOCK_EX); time.sleep(60)"
`

// loopService makes the loop devices that a machine of the rig lacks, for the images of system extensions.
const loopService = `[Unit]
DefaultDependencies=no
[Service]
Type=oneshot
ExecStart=sh -c "mknod /dev/loop-control c 10 237; for i in $(seq 0 63); do mknod /dev/loop$$i b 7 $$i; done"
`

// checkRunsFrom checks that kubelet and containerd of these machines are programs in a directory.
func (c *cluster) checkRunsFrom(directory string, names ...string) {
	c.t.Helper()
	for _, name := range names {
		c.checkRunFrom(name, "kubelet", directory)
		c.checkRunFrom(name, "containerd", directory)
	}
}

func (c *cluster) checkRunFrom(name, program, directory string) {
	c.t.Helper()
	if exe := c.run(name, "bash", "-c", "readlink /proc/$(pgrep -xo "+program+")/exe"); !strings.HasPrefix(exe, directory) {
		c.t.Errorf("%s of %s runs from %s", program, name, exe)
	}
}

// stockFiles are what the rig itself needs on a machine without the rig's image.
var stockFiles = map[string]rig.File{
	"etc/systemd/system/console-getty.service": {Mode: 0o644},
	"etc/default/kubelet":                      {Mode: 0o644, Content: []byte("KUBELET_EXTRA_ARGS=--image-gc-high-threshold=100 --eviction-hard=memory.available<100Mi --fail-cgroupv1=false\n")},
	// containerd 1.6 takes a whole plugin's section from an import, so this has to be in the file itself.
	"etc/systemd/system/containerd.service.d/rig.conf": {Mode: 0o644, Content: []byte("[Service]\nExecStartPre=sh -c 'grep -q restrict_oom /etc/containerd/config.toml || sed -i \"s/^sandbox_image/restrict_oom_score_adj = true\\\\n&/\" /etc/containerd/config.toml'\n")},
}
