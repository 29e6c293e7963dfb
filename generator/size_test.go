package generator_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"kindling/generator"
	"kindling/generator/spec"
)

// TestSize bounds documents: those of control planes, and workers below half of EC2's limit (16,384 bytes raw), with
// P-256 keys and up to seven control planes. With -v it prints where the bytes are.
func TestSize(t *testing.T) {
	for _, name := range []string{"stacked", "seven", "mixed", "dual-stack", "external", "haproxy", "pools"} {
		c := load(t, name)
		g := newGenerator(t, c, noon)
		seen := map[string]bool{}
		for _, n := range c.Nodes {
			// Machines of one role and OS differ by a few bytes; the first and the last are shown.
			shown := !seen[n.Role+n.OS]
			seen[n.Role+n.OS] = true
			for _, format := range []generator.Format{generator.CloudInit, generator.Ignition} {
				document, err := g.Document(n.Name, format)
				if err != nil {
					t.Fatal(err)
				}
				limit := 8_400
				if n.Role == spec.ControlPlane || n.Role == spec.EtcdMember {
					limit = 17_000 // of the plain form; gzipped as a whole it is far below EC2's 16,384
				}
				if len(document) > limit {
					t.Errorf("%s/%s: %d bytes as %s, limit %d", name, n.Name, len(document), format, limit)
				}
				if shown {
					t.Logf("%-10s %-4s %-10s %5d bytes, margin %5d: %s", name, n.Name, format, len(document), limit-len(document), parts(t, format, document))
				}
			}
		}
	}
}

// parts adds up the decoded sizes by kind.
func parts(t *testing.T, format generator.Format, document []byte) string {
	var keys, kubeadm, scripts, other int
	for path, content := range decode(t, format, document) {
		switch {
		case hasSuffix(path, ".crt", ".key", ".pub"):
			keys += len(content)
		case hasSuffix(path, "init.yaml", "join.yaml"):
			kubeadm += len(content)
		case hasSuffix(path, ".sh"):
			scripts += len(content)
		default:
			other += len(content)
		}
	}
	return fmt.Sprintf("decoded: keys %d, kubeadm %d, scripts %d, other %d", keys, kubeadm, scripts, other)
}

func hasSuffix(s string, suffixes ...string) bool {
	return slices.ContainsFunc(suffixes, func(suffix string) bool { return strings.HasSuffix(s, suffix) })
}
