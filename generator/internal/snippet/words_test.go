package snippet

import (
	"testing"

	"go.yaml.in/yaml/v4"
)

// TestIsText has words of which pyyaml makes a number, a truth, a time or nothing (yaml.org/type).
func TestIsText(t *testing.T) {
	for word, want := range map[string]bool{
		"": false, "~": false, "null": false, "yes": false, "On": false, "FALSE": false, "=": false, "<<": false, "0755": false, "0x1f": false, "0b1": false,
		"1_000": false, "+5": false, "-5": false, "1:20": false, "1.5": false, ".5": false, "1.": false, "-.inf": false, "2026-01-01": false, "2026-1-1 10:00:00": false,
		"5": true, "0": true, "12": true, "a": true, "y": true, "1.2.3": true, "10.0.0.7": true, "/dev/vdb": true, "-m": true, "5m": true, "true-ish": true, "1e3": true,
	} {
		if got := isText(&yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: word}); got != want {
			t.Errorf("%q: %t", word, got)
		}
		if !isText(&yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: word, Style: yaml.SingleQuotedStyle}) {
			t.Errorf("%q in quotes is no text", word)
		}
	}
}
