package generator_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"kindling/generator"
	"kindling/generator/spec"
)

// What control planes may have on EC2, in bytes. It takes 16,384; in gzip, the rest is room for files of the user's.
const (
	gzipBudget     = 12_288
	ignitionBudget = 16_384
)

// over are the clusters whose control planes have another bound, and why: in gzip, and as Ignition. They are not for EC2.
var over = map[string]struct {
	gzip, ignition int
	why            string
}{
	"kube-vip-v1.28":   {20_000, 27_000, "RSA keys, four times as long as P-256"},
	"full":             {13_568, 18_688, "the user's own manifests, files and steps"},
	"kube-vip":         {13_312, 18_432, "kube-vip's pod; its address does not exist on EC2, which has no ARP"},
	"kube-vip-v1.29":   {13_312, 18_432, "kube-vip's pod"},
	"binaries":         {15_616, 20_992, "the sums of its programs, and apt: Ignition on EC2 has no room for them yet"},
	"packages":         {14_848, 19_456, "apt, and the community's repository; its machines read cloud-init's user-data"},
	"flatcar":          {15_360, 20_736, "kube-vip's pod, and the sums of its programs"},
	"trusted":          {13_568, 17_920, "the user's own CAs"},
	"offline":          {16_128, 20_992, "all of a control plane's certificates: Ignition on EC2 has no room for them"},
	"offline-external": {16_128, 20_992, "the same, and kube-vip's pod"},
	"haproxy-pods":     {13_824, 19_456, "HAProxy's pod and kube-vip's"},
}

// TestSize prints the size of every golden document in every encoding, and holds the bounds.
func TestSize(t *testing.T) {
	for _, name := range goldenClusters {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := load(t, name)
			bound, elsewhere := over[name]
			if !elsewhere {
				c = onEC2(t, name)
			}
			g := newGenerator(t, c, noon)
			seen := map[string]bool{}
			for _, n := range c.Nodes {
				sizes := documentSizes(t, g, n)
				// Machines of one role and OS differ by a few bytes; one of them is shown.
				if kind := n.Role + n.System().Name + n.Count; !seen[kind] {
					seen[kind] = true
					t.Logf("%-8s %s %s", n.Name, sizes, parts(t, g, n))
				}
				if n.Role != spec.ControlPlane && n.Role != spec.EtcdMember {
					continue
				}
				gzip, ignition := gzipBudget, ignitionBudget
				if elsewhere {
					gzip, ignition = bound.gzip, bound.ignition
				}
				if got := sizes["user-data gzip"]; got > gzip {
					t.Errorf("%s: gzipped user-data has %d bytes, %d too many", n.Name, got, got-gzip)
				}
				if got := sizes["ignition gzip"]; got > ignition {
					t.Errorf("%s: the Ignition config has %d bytes, %d too many", n.Name, got, got-ignition)
				}
			}
		})
	}
}

// onEC2 is the cluster with that provider for the nodes that name no other.
func onEC2(t *testing.T, name string) *spec.Cluster {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(clusters, name+".yaml"))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(data, []byte("\nprovider:")) {
		data = append([]byte("provider: aws\n"), data...)
	}
	c, problems := spec.Load(data, spec.Local{Files: os.DirFS(clusters)})
	if c == nil {
		t.Fatalf("%s.yaml: %v", name, problems)
	}
	return c
}

// sizes of a node's documents by format and encoding.
type sizes map[string]int

func (s sizes) String() string {
	var list []string
	for _, name := range []string{"user-data text", "user-data gzip", "user-data base64", "ignition text", "ignition gzip"} {
		list = append(list, fmt.Sprintf("%s %5d", name, s[name]))
	}
	return strings.Join(list, ", ")
}

func documentSizes(t *testing.T, g *generator.Generator, n spec.Node) sizes {
	t.Helper()
	s := sizes{}
	for name, as := range map[string]struct {
		format   generator.Format
		encoding generator.Encoding
	}{
		"user-data text":   {generator.CloudInit, generator.Text},
		"user-data gzip":   {generator.CloudInit, generator.Gzip},
		"user-data base64": {generator.CloudInit, generator.Base64},
		"ignition text":    {generator.Ignition, generator.Text},
		"ignition gzip":    {generator.Ignition, generator.Gzip},
	} {
		document, err := g.Document(n.Name, as.format, as.encoding)
		if err != nil {
			t.Fatal(err)
		}
		s[name] = len(document)
	}
	return s
}

// parts adds up the decoded sizes by kind.
func parts(t *testing.T, g *generator.Generator, n spec.Node) string {
	t.Helper()
	document, err := g.Document(n.Name, generator.CloudInit, generator.Text)
	if err != nil {
		t.Fatal(err)
	}
	var keys, kubeadm, scripts, other int
	for path, content := range decode(t, generator.CloudInit, document) {
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
	return fmt.Sprintf("(decoded: keys %d, kubeadm %d, scripts %d, other %d)", keys, kubeadm, scripts, other)
}

func hasSuffix(s string, suffixes ...string) bool {
	return slices.ContainsFunc(suffixes, func(suffix string) bool { return strings.HasSuffix(s, suffix) })
}
