package provider

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestTakes has the largest document that each provider takes, and one byte more.
func TestTakes(t *testing.T) {
	raw := map[string]int{}
	for _, p := range Limited() {
		raw[p.Name] = p.Raw()
		if !p.Takes(make([]byte, p.Raw())) {
			t.Errorf("%s does not take %d bytes", p.Name, p.Raw())
		}
		// base64 counts in steps of three bytes
		if more := p.Raw() + 3; p.Takes(make([]byte, more)) {
			t.Errorf("%s takes %d bytes", p.Name, more)
		}
	}
	want := map[string]int{
		"aws": 16_384, "azure": 65_535, "digitalocean": 65_536, "gcp": 262_144, "hetzner": 32_768, "openstack": 49_149, "oracle": 24_000, "vsphere": 65_536,
	}
	if diff := cmp.Diff(want, raw); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestLimitedAreSorted(t *testing.T) {
	if !slices.IsSortedFunc(Limited(), func(a, b Provider) int { return a.Limit - b.Limit }) {
		t.Error("the smallest limit is not first")
	}
	if Largest().Name != "gcp" {
		t.Errorf("%s takes the largest documents", Largest().Name)
	}
}

func TestLookup(t *testing.T) {
	for name, known := range map[string]bool{"": true, "metal": true, "aws": true, "EC2": false} {
		p, ok := Lookup(name)
		if ok != known || p.CloudInit == "" {
			t.Errorf("%q: %+v %t", name, p, ok)
		}
	}
	if p, _ := Lookup(""); p.Name != "" || !p.Takes(make([]byte, 1<<20)) {
		t.Errorf("no provider has a limit: %+v", p)
	}
}
