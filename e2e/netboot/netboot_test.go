// Package netboot boots a machine as PXE does: with the real iPXE, the real live-boot and the real cloud-init of Debian, from kindling
// serve. The processor is emulated, since not every computer that runs tests has another one to lend.
package netboot

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kindling/e2e/internal/build"
	"kindling/e2e/internal/document"
	"kindling/e2e/internal/kindling"
	"kindling/e2e/internal/progress"

	"github.com/google/go-cmp/cmp"
)

// TestNetworkBoot has a machine find its script by its MAC address, boot the kernel and the root file system in it, read its own document
// and begin the steps. The server gets no other request.
func TestNetworkBoot(t *testing.T) {
	images, err := build.LiveImage()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	documents, err := kindling.GenerateIn(dir, filepath.Join(kindling.Source(), "e2e/netboot/testdata/live.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	scripts, err := documents.Scripts("*")
	if err != nil {
		t.Fatal(err)
	}
	t.Attr(document.ScriptsAttribute, scripts.String())
	site := t.TempDir()
	documents.CopyTo(t, site)
	console, second, log := powerOn(t, site, images)

	progress.Eventually(t, "the machine knows that it is cp0", 2*time.Second, func() (string, bool) {
		return "", strings.Contains(console(), "right-machine: done") && strings.Contains(second(), "right-machine: done")
	}, console, second, log)
	want := []string{
		"- ipxe/boot.ipxe: 200",
		"cp0 ipxe/52-54-00-00-00-07.ipxe: 200",
		"- images/vmlinuz: 200",
		"- images/initrd: 200",
		"- images/root.squashfs: 200",
		"cp0 nodes/cp0/meta-data: 200",
		"cp0 nodes/cp0/user-data: 200",
		"cp0 nodes/cp0/vendor-data: 200",
	}
	if diff := cmp.Diff(want, kindling.Requests(log())); diff != "" {
		t.Errorf("requests (-want +got):\n%s", diff)
	}
}

// powerOn starts the server and the machine, which run until the test ends.
func powerOn(t *testing.T, site, images string) (console, second, log func() string) {
	t.Helper()
	script, err := filepath.Abs("boot.sh")
	if err != nil {
		t.Fatal(err)
	}
	ctx, powerOff := context.WithCancel(t.Context())
	machine := exec.CommandContext(ctx, "unshare", "--net", "--pid", "--fork", "--kill-child", "bash", script)
	machine.Env = append(os.Environ(), "SITE="+site, "IMAGES="+images)
	machine.Stdout, machine.Stderr = os.Stderr, os.Stderr
	if err := machine.Start(); err != nil {
		t.Fatal(err)
	}
	read := func(name string) func() string {
		return func() string {
			text, _ := os.ReadFile(filepath.Join(site, name)) // it is not there at first
			return string(text)
		}
	}
	t.Cleanup(func() {
		powerOff()
		machine.Wait()
		if t.Failed() {
			t.Logf("server:\n%s\nconsole:\n%s\nsecond console:\n%s", read("log")(), read("console")(), read("second")())
		}
	})
	return read("console"), read("second"), read("log")
}
