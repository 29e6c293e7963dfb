package rig

import (
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"kindling/e2e/internal/build"
	"kindling/e2e/internal/document"
	"kindling/e2e/internal/tail"
)

// A Rig is a group of machines on their own network. A method that fails also fails the test.
type Rig struct {
	t       testing.TB
	dir     string
	shared  []string // the layers that all machines' disks share, the topmost first
	store   string
	network *network
	// nameserver is the rig's own name server, once it has one.
	nameserver netip.Addr
	machines   map[string]*machine
	disks      *disks
	history    history
	scripts    document.Scripts // that the machines were booted with
	balancer   *exec.Cmd
}

// New returns a rig without machines. The machines that are added have the release on them.
func New(t testing.TB, release Release) *Rig {
	t.Helper()
	base, err := build.BaseRoot()
	orFail(t, err)
	layer, err := release.layer()
	orFail(t, err)
	image, err := layer.Path()
	orFail(t, err)
	store, err := release.store()
	orFail(t, err)
	images, err := store.Path()
	orFail(t, err)

	r := &Rig{t: t, dir: rigDir(t), shared: []string{image, base}, store: images, machines: map[string]*machine{}, scripts: document.Scripts{}}
	orFail(t, prepareHost())
	r.network = newNetwork(t)
	t.Cleanup(r.end)
	return r
}

// rigDir returns a directory on the cache's file system, where machines can share the files of their images.
func rigDir(t testing.TB) string {
	t.Helper()
	cache, err := build.CacheDir()
	orFail(t, err)
	parent := filepath.Join(cache, "rigs")
	orFail(t, os.MkdirAll(parent, 0o755))
	dir, err := os.MkdirTemp(parent, "")
	orFail(t, err)
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	return dir
}

// end powers everything off. After a failure it logs what each machine has printed.
func (r *Rig) end() {
	r.judge()
	r.t.Attr(document.ScriptsAttribute, r.scripts.String())
	for name, machine := range r.machines {
		machine.powerOff(r.t)
		if r.t.Failed() {
			r.t.Logf("console of %s:\n%s", name, tail.Lines(r.Console(name), 60))
		}
	}
}

func orFail(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
