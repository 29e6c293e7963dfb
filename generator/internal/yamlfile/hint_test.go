package yamlfile

import (
	"strings"
	"testing"
)

func TestNearest(t *testing.T) {
	roles := []string{"control-plane", "worker", "etcd", "load-balancer"}
	for got, want := range map[string]string{
		"wroker": "worker", "Worker": "worker", "controlplane": "control-plane", "control_plane": "control-plane", "contol-plane": "control-plane",
		"ETCD": "etcd", "ectd": "etcd", "loadbalancer": "load-balancer", "workers": "worker",
		"": "", "master": "", "x": "", strings.Repeat("w", 1000): "",
	} {
		if option := nearest(got, roles); option != want {
			t.Errorf("nearest(%.20q) = %q, want %q", got, option, want)
		}
	}
}

func TestQuote(t *testing.T) {
	for got, want := range map[string]string{
		"demo":                                   `"demo"`,
		"a\nb\u202e":                             `"a\nb\u202e"`,
		strings.Repeat("ä", 61):                  `"` + strings.Repeat("ä", 60) + `"…`,
		"abcdef.0123456789abcdef":                "(a secret, not shown)",
		"-----BEGIN EC PRIVATE KEY-----\nMHcCAQ": "(a secret, not shown)",
		"b3BlbnNzaC1rZXktdjEAAAA":                "(a secret, not shown)",
		"AGE-SECRET-KEY-1QQQ":                    "(a secret, not shown)",
		"http://me:open/se@same@proxy:3128":      "(a secret, not shown)",
		"https://proxy:3128/a":                   `"https://proxy:3128/a"`,
		"worker.example.com":                     `"worker.example.com"`,
	} {
		if quoted := Quote(got); quoted != want {
			t.Errorf("Quote(%q) = %s, want %s", got, quoted, want)
		}
	}
}
