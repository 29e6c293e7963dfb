package pki

import (
	"flag"
	"net/netip"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "make the missing files of testdata/pki")

// The PKIs that golden documents are made from, see testdata/pki/README.md.
var committed = map[string]Request{
	"p256": {
		Algorithm: "ECDSA-P256", Validity: 100 * year, CAValidity: 100 * year, AdminGroup: "kubeadm:cluster-admins", SuperAdmin: true,
		NodeCertificates: []string{"w0", "w1", "w2", "m3", "worker0", "worker1", "pool0"},
		EtcdMembers: []Host{
			{"etcd0", []netip.Addr{netip.MustParseAddr("10.0.0.21")}},
			{"etcd1", []netip.Addr{netip.MustParseAddr("10.0.0.22")}},
			{"etcd2", []netip.Addr{netip.MustParseAddr("10.0.0.23")}},
		},
		EtcdClients: []string{"cp0", "cp1", "cp2"},
	},
	"rsa2048": {
		Algorithm: "RSA-2048", Validity: 100 * year, CAValidity: 100 * year, AdminGroup: "system:masters", // as before Kubernetes 1.29
		NodeCertificates: []string{"w0", "w1", "w2"},
	},
}

const committedToken = "abcdef.0123456789abcdef"

func TestCommittedPKI(t *testing.T) {
	for name, r := range committed {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join("..", "testdata", "pki", name)
			if *update {
				record(t, dir, r)
			}
			b := loadDir(t, dir)
			for _, at := range []time.Time{now, now.Add(90 * year)} {
				if err := b.Check(r, at); err != nil {
					t.Error(err)
				}
			}
			if b.BootstrapToken != committedToken {
				t.Error("another token")
			}
			added, err := b.Complete(r, now)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff([]string(nil), added); diff != "" {
				t.Errorf("not committed: %s", diff)
			}
		})
	}
}

// record makes what is missing, without the files that would keep it out of git, and fails: a run that records shows
// nothing.
func record(t *testing.T, dir string, r Request) {
	t.Helper()
	b := loadDir(t, dir)
	b.BootstrapToken = committedToken
	if _, err := b.Complete(r, now); err != nil {
		t.Fatal(err)
	}
	written, err := SaveDir(dir, b)
	if err != nil {
		t.Fatal(err)
	}
	remove(t, dir, ".gitignore", ".lock")
	t.Errorf("recorded %q; run again without -update", written)
}
