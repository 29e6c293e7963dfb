package documents

import (
	"os"
	"path/filepath"
	"testing"

	"kindling/e2e/internal/firstboot"
	"kindling/e2e/internal/kindling"

	"github.com/google/go-cmp/cmp"
)

// servedSpec has machines that boot into their memory.
const servedSpec = `apiVersion: kindling/v1alpha1
kind: Cluster
name: served
kubernetesVersion: v1.37.2
controlPlaneEndpoint: api.demo.test:6443
os: debian
install: {method: preinstalled}
cni: {manifest: none}
pxe:
  baseURL: http://127.0.0.1:8080/kindling
  images:
    debian: {kernel: images/vmlinuz, initrd: images/initrd, rootfs: images/root.squashfs}
    flatcar: {kernel: images/vmlinuz, initrd: images/image.cpio.gz}
nodes:
- {name: cp0, role: control-plane, address: 10.0.0.7, mac: "52:54:00:00:00:07"}
- {name: w0, role: worker, address: 10.0.0.10, mac: "52:54:00:00:00:10", os: flatcar}
`

// serveAndBoot has a machine's firmware ask the server for its script, and the kernel get the arguments in it. What boots is "$@".
const serveAndBoot = `
serve() {
	"$1/kindling" serve --output "$1/out" --listen 127.0.0.1:8080 2>"$1/log" &
	server=$!
	until grep -q 'listening on' "$1/log"; do
		kill -0 $server
		sleep 0.1
	done
	curl -fsS "http://127.0.0.1:8080/kindling/ipxe/$2.ipxe" >"$1/script"
	base=$(sed -n 's/^set base-url \(http.*\)/\1/p' "$1/script")$(sed -n 's/^set base-url ${base-url}\(.*\)/\1/p' "$1/script")
	sed -n 's/^kernel //p' "$1/script" | sed "s|\${base-url}|$base|g; s| \${kernel-args}.*||" >"$1/cmdline"
	mount --bind "$1/cmdline" /proc/cmdline
}
`

// TestCloudInitIsServed has the real cloud-init read its document from kindling serve, by the kernel's arguments of its iPXE script.
func TestCloudInitIsServed(t *testing.T) {
	documents, site := servedSite(t, "site")
	run := firstboot.CloudInitFrom(t, site, serveAndBoot+"serve /site 52-54-00-00-00-07\n")
	if len(run.Problems) > 0 {
		t.Errorf("%s", run.Problems)
	}
	if got := run.Tree["/var/lib/cloud/instances/served-cp0/user-data.txt"].Content; got != string(documents.UserData(t, "cp0")) {
		t.Errorf("cloud-init has another document: %.200s", got)
	}
	if _, ok := run.Tree["/etc/kindling/run.sh"]; !ok {
		t.Error("it has not written the boot steps")
	}
	checkRequests(t, run.Tree["/site/log"].Content, []string{
		"cp0 ipxe/52-54-00-00-00-07.ipxe: 200",
		"cp0 nodes/cp0/meta-data: 200",
		"cp0 nodes/cp0/user-data: 200",
		"cp0 nodes/cp0/vendor-data: 200",
	})
}

// TestIgnitionIsServed has the real Ignition do so.
func TestIgnitionIsServed(t *testing.T) {
	documents, site := servedSite(t, "")
	run := firstboot.IgnitionFrom(t, serveAndBoot+`serve "$SITE" 52-54-00-00-00-10`+"\n", "SITE="+site)
	want := firstboot.Ignition(t, documents.Document(t, "w0", kindling.Ignition, kindling.Text)).Tree
	const result = "/etc/.ignition-result.json" // has the time
	delete(want, result)
	delete(run.Tree, result)
	if diff := cmp.Diff(want, run.Tree); diff != "" {
		t.Errorf("-from the config itself +from the server:\n%s", diff)
	}
	log, err := os.ReadFile(filepath.Join(site, "log"))
	if err != nil {
		t.Fatal(err)
	}
	checkRequests(t, string(log), []string{"w0 ipxe/52-54-00-00-00-10.ipxe: 200", "w0 nodes/w0/config.ign: 200"})
}

// servedSite returns a directory that has, in the directory below, the program and a set.
func servedSite(t *testing.T, below string) (kindling.Documents, string) {
	t.Helper()
	dir := t.TempDir()
	spec := filepath.Join(dir, "cluster.yaml")
	if err := os.WriteFile(spec, []byte(servedSpec), 0o600); err != nil {
		t.Fatal(err)
	}
	documents, err := kindling.GenerateIn(dir, spec)
	if err != nil {
		t.Fatal(err)
	}
	site := t.TempDir()
	documents.CopyTo(t, filepath.Join(site, below))
	return documents, site
}

// checkRequests holds what the server wrote down against the requests that it should have had.
func checkRequests(t *testing.T, log string, want []string) {
	t.Helper()
	if diff := cmp.Diff(want, kindling.Requests(log)); diff != "" {
		t.Errorf("requests (-want +got):\n%s\n%s", diff, log)
	}
}
