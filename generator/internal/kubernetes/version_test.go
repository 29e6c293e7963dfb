package kubernetes

import "testing"

func TestParseVersion(t *testing.T) {
	for in, want := range map[string]string{
		"v1.37.2": "v1.37.2", "v1.11.0": "v1.11.0",
		"": "error", "latest": "error", "1.37.2": "error", "v1.37": "error", "v1.10.0": "error", "v1.38.0": "error", "v2.0.0": "error",
		"v1.037.2": "error", "v1.37.2-rc.1": "error", "v1.37.2\n": "error",
	} {
		got := "error"
		if v, err := ParseVersion(in); err == nil {
			got = v.String()
		}
		if got != want {
			t.Errorf("ParseVersion(%q) = %s, want %s", in, got, want)
		}
	}
}

func TestReleases(t *testing.T) {
	r := Releases{{28, 15}, {29, 15}, {30, 0}}
	for v, want := range map[Version]bool{
		{27, 99}: false, {28, 14}: false, {28, 15}: true, {29, 14}: false, {29, 16}: true, {30, 0}: true, {31, 0}: true,
	} {
		if got := r.Include(v); got != want {
			t.Errorf("%s: %v", v, got)
		}
	}
	if got, want := r.String(), "v1.28.15, v1.29.15, v1.30"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}
