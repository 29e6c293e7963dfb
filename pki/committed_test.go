package pki

import (
	"flag"
	"maps"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "make the missing files of testdata/pki")

// The PKIs that golden documents are made from, see testdata/pki/README.md.
var committed = map[string]func() Request{
	"p256": func() Request {
		r := withSuperAdmin(request("w0", "w1", "w2", "m3", "worker0", "worker1", "pool0"))
		for _, name := range []string{"cp0", "cp1", "cp2"} {
			r.Leaves = append(r.Leaves, etcdClient(name))
		}
		r.Leaves = slices.Concat(r.Leaves, etcdMember("etcd0", "10.0.0.21"), etcdMember("etcd1", "10.0.0.22"), etcdMember("etcd2", "10.0.0.23"))
		return r
	},
	"rsa2048": func() Request {
		r := request("w0", "w1", "w2")
		r.Algorithm = "RSA-2048"
		r.Leaves[0].Subject = subject("kubernetes-admin", "system:masters") // as before Kubernetes 1.29
		return r
	},
}

const committedToken = "abcdef.0123456789abcdef"

func TestCommittedPKI(t *testing.T) {
	for name, request := range committed {
		t.Run(name, func(t *testing.T) {
			r, dir := request(), filepath.Join("..", "testdata", "pki", name)
			r.Validity, r.CAValidity = 100*year, 100*year
			if *update {
				record(t, dir, r)
			}
			b := Load(r, disk(dir))
			for _, at := range []time.Time{now, now.Add(90 * year)} {
				if err := b.Check(at); err != nil {
					t.Error(err)
				}
			}
			if b.token != committedToken {
				t.Error("another token")
			}
			if diff := cmp.Diff([]string(nil), b.Missing()); diff != "" {
				t.Errorf("not committed: %s", diff)
			}
		})
	}
}

// record makes what is missing, and fails: a run that records shows nothing.
func record(t *testing.T, dir string, r Request) {
	t.Helper()
	b, made := Load(r, disk(dir)), files{}
	if err := b.Complete(now, made.add); err != nil {
		t.Fatal(err)
	}
	if made[tokenFile] != nil {
		made[tokenFile] = []byte(committedToken + "\n")
	}
	writeTo(t, dir, made)
	t.Errorf("recorded %q; run again without -update", slices.Sorted(maps.Keys(made)))
}
