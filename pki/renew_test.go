package pki

import (
	"bytes"
	"errors"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestRenew(t *testing.T) {
	r := request("w0", "w1", "w2")
	for _, test := range []struct {
		name    string
		spoil   func(files)
		at      time.Duration // after now
		within  time.Duration
		renewed []string
		want    []string
	}{
		{name: "nothing ends", at: 300 * day, within: 30 * day},
		{name: "all end soon", at: 340 * day, within: 30 * day, renewed: []string{"admin", "nodes/w0/kubelet-client", "nodes/w1/kubelet-client", "nodes/w2/kubelet-client"}},
		{name: "all have expired", at: 2 * year, renewed: []string{"admin", "nodes/w0/kubelet-client", "nodes/w1/kubelet-client", "nodes/w2/kubelet-client"}},
		{name: "some are missing", spoil: func(f files) {
			f.remove("admin.key", "admin.crt", "nodes/w1/kubelet-client.crt")
		}, at: year, within: day, renewed: []string{"nodes/w0/kubelet-client", "nodes/w2/kubelet-client"}},
		{name: "keys that it does not need are missing", spoil: func(f files) {
			f.remove("front-proxy-ca.key", "etcd/ca.key", "sa.key", "bootstrap-token")
		}, at: year, within: day, renewed: []string{"admin", "nodes/w0/kubelet-client", "nodes/w1/kubelet-client", "nodes/w2/kubelet-client"}},
		{name: "one is wrong", spoil: func(f files) { f["nodes/w1/kubelet-client.key"] = f["admin.key"] }, at: year, within: day, want: []string{
			"nodes/w1/kubelet-client.crt: does not belong to nodes/w1/kubelet-client.key; put the right one there, or move both away, then run kindling pki init",
		}},
		{name: "the authority's key is missing", spoil: func(f files) { f.remove("ca.key") }, at: year, within: day, want: []string{
			"ca.key: is missing, although ca.crt is there (an external authority is not supported); put it there, or for a new cluster move ca.crt away and run kindling pki init",
		}},
		{name: "the authority has expired", at: 10*year + day, want: []string{
			"ca.crt: this authority expired on 2035-12-30T00:00:00Z; " + rotate,
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			f, at := complete(t, r), now.Add(test.at)
			if test.spoil != nil {
				test.spoil(f)
			}
			before := maps.Clone(f)
			b := Load(r, f.read)
			leaves, err := b.Renew(at, at.Add(test.within), f.replace)
			if diff := cmp.Diff(test.want, found(t, err)); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
			var renewed []string
			for _, l := range leaves {
				renewed = append(renewed, l.Name)
				if before[l.Name+".key"] == nil || bytes.Equal(before[l.Name+".key"], f[l.Name+".key"]) {
					t.Errorf("%s has no new key", l.Name)
				}
			}
			if diff := cmp.Diff(test.renewed, renewed); diff != "" {
				t.Errorf("renewed (-want +got):\n%s", diff)
			}
			for name, data := range f {
				pair := name[:len(name)-len(".crt")]
				if !bytes.Equal(before[name], data) && !slices.Contains(renewed, pair) {
					t.Errorf("%s has changed", name)
				}
			}
			if renewed != nil && len(b.Ending(at.Add(day))) > 0 {
				t.Error("the bundle itself has the old ones")
			}
		})
	}
}

// A leaf that ends with its authority gains nothing by another key, so that is not done at every run anew.
func TestRenewLeavesAlone(t *testing.T) {
	f := complete(t, request("w0"))
	at := now.Add(10*year - 10*day)
	b := Load(request("w0"), f.read)
	if leaves, err := b.Renew(at, at.Add(30*day), f.replace); err != nil || len(leaves) != 2 {
		t.Fatalf("renewed %d, %v", len(leaves), err)
	}
	if leaves, err := b.Renew(at, at.Add(30*day), f.replace); err != nil || len(leaves) != 0 {
		t.Errorf("renewed %d again, %v", len(leaves), err)
	}
	want := []string{
		"ca.crt: this authority expires on 2035-12-30T00:00:00Z, and with it all that it has signed; " + inStages,
		"front-proxy-ca.crt: this authority expires on 2035-12-30T00:00:00Z, and with it all that it has signed; " + inStages,
		"etcd/ca.crt: this authority expires on 2035-12-30T00:00:00Z, and with it all that it has signed; " + inStages,
	}
	if diff := cmp.Diff(want, found(t, b.EndingAuthorities(at.Add(30*day)))); diff != "" {
		t.Errorf("authorities (-want +got):\n%s", diff)
	}
}

// What was replaced before a failure is reported.
func TestRenewFailsHalfWay(t *testing.T) {
	r := request("w0", "w1", "w2", "w3")
	f, at := complete(t, r), now.Add(year)
	full := errors.New("disk full")
	batches := 0
	leaves, err := Load(r, f.read).Renew(at, at.Add(day), func(more map[string][]byte) error {
		if batches++; batches > 1 {
			return full
		}
		return f.replace(more)
	})
	if batches > 1 != errors.Is(err, full) {
		t.Fatal(err)
	}
	b := loaded(t, f, r, at)
	for _, l := range r.Leaves {
		renewed := slices.ContainsFunc(leaves, func(o Leaf) bool { return o.Name == l.Name })
		if old := b.Pair(l.Name).cert.NotAfter.Equal(at); old == renewed {
			t.Errorf("%s: reported as renewed %t, is old %t", l.Name, renewed, old)
		}
	}
}
