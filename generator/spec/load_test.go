package spec

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"kindling/generator/internal/yamlfile"

	"github.com/google/go-cmp/cmp"
)

// minimal is the shortest valid spec but for its nodes.
const minimal = `apiVersion: kindling/v1alpha1
kind: Cluster
name: demo
kubernetesVersion: v1.37.2
controlPlaneEndpoint: api.demo.test:6443
os: ubuntu
install: {method: preinstalled}
`

func load1(t *testing.T, source string) *Cluster {
	t.Helper()
	c, problems := Load([]byte(source), Local{})
	if c == nil {
		t.Fatal(problems)
	}
	return c
}

func samples(t testing.TB, pattern string) map[string][]byte {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("../../testdata", pattern))
	if err != nil || len(files) == 0 {
		t.Fatalf("no samples at %s, %v", pattern, err)
	}
	sources := map[string][]byte{}
	for _, file := range files {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		sources[strings.TrimSuffix(filepath.Base(file), ".yaml")] = source
	}
	return sources
}

func TestLoadSamples(t *testing.T) {
	for name, source := range samples(t, "clusters/*.yaml") {
		t.Run(name, func(t *testing.T) {
			c, problems := Load(source, Local{})
			if c == nil || len(problems) > 0 {
				t.Errorf("problems:\n%v", problems)
			}
		})
	}
}

func TestLoadAcceptsEditorsHabits(t *testing.T) {
	source := minimal + "cni: {manifest: none}\nnodes:\n- {name: cp0, role: control-plane, address: 10.0.0.7} # a\ttab\n"
	for name, variant := range map[string]string{
		"CRLF":                 strings.ReplaceAll(source, "\n", "\r\n"),
		"byte order mark":      "\ufeff" + source,
		"no last newline":      strings.TrimSuffix(source, "\n"),
		"document marks":       "---\n" + source + "...\n",
		"keys without a value": source + "addons:\nnetwork: ~\npki: null\n",
		"JSON": `{"apiVersion": "kindling/v1alpha1", "kind": "Cluster", "name": "demo", "kubernetesVersion": "v1.37.2", "os": "ubuntu", "install": {"method": "preinstalled"},
			"controlPlaneEndpoint": "api.demo.test:6443", "cni": {"manifest": "none"},
			"nodes": [{"name": "cp0", "role": "control-plane", "address": "10.0.0.7"}]}`,
	} {
		t.Run(name, func(t *testing.T) {
			got, problems := Load([]byte(variant), Local{})
			if len(problems) > 0 {
				t.Fatal(problems)
			}
			if diff := cmp.Diff(load1(t, source), got, fieldsOnly); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestLoadKeepsEmptyTaints(t *testing.T) {
	c := load1(t, minimal+`nodes:
- {name: cp0, role: control-plane, address: 10.0.0.7, taints: []}
- {name: w0, role: worker, address: 10.0.0.8, taints: }
- {name: w1, role: worker, address: 10.0.0.9}
`)
	for i, wantNil := range []bool{false, true, true} {
		if got := c.Nodes[i].Taints; (got == nil) != wantNil || len(got) > 0 {
			t.Errorf("nodes[%d].taints = %#v", i, got)
		}
	}
}

// TestLoadOversized has specs that are too large for testdata/invalid.
func TestLoadOversized(t *testing.T) {
	nodes := "nodes:\n- {name: cp0, role: control-plane, address: 10.0.0.7}\n"
	for name, test := range map[string]struct{ source, problem string }{
		"10 MB":           {minimal + nodes + strings.Repeat("# nothing\n", 1<<20), "1:1: the file has more than 4194304 bytes, the most that cluster.yaml may have; is this the right file?"},
		"deep lists":      {minimal + "certSANs: " + strings.Repeat("[", 100_000), "not YAML: "},
		"deep mappings":   {minimal + "networking: " + strings.Repeat("{a: ", 100_000), "not YAML: "},
		"deep and closed": {minimal + nodes + "x: " + strings.Repeat("[", 5_000) + strings.Repeat("]", 5_000), "10:1: x: unknown key"},
		"long key":        {minimal + nodes + strings.Repeat("k", 1000) + ": 1\n", `10:1: ["` + strings.Repeat("k", yamlfile.MaxQuoted) + `"…]: unknown key`},
		"long value":      {minimal + nodes + "workerIdentity: " + strings.Repeat("v", 1<<20), `workerIdentity: unknown workerIdentity "` + strings.Repeat("v", yamlfile.MaxQuoted) + `"…`},
	} {
		t.Run(name, func(t *testing.T) {
			c, problems := Load([]byte(test.source), Local{})
			if c != nil || !strings.Contains(problems.Error(), test.problem) {
				t.Errorf("%.300s", problems.Error())
			}
		})
	}
}

// FuzzLoad checks that Load never panics, and that every problem has a place inside the source.
func FuzzLoad(f *testing.F) {
	for _, pattern := range []string{"clusters/*.yaml", "invalid/*.yaml"} {
		for _, source := range samples(f, pattern) {
			f.Add(source)
		}
	}
	f.Fuzz(func(t *testing.T, source []byte) {
		c, problems := Load(source, Local{})
		if (c == nil) != problems.Fatal() {
			t.Errorf("cluster %v with problems %v", c, problems)
		}
		lines := Lines(source)
		for _, p := range problems {
			if p.Line < 1 || p.Line > len(lines) || p.Column < 1 || p.Column > utf8.RuneCountInString(lines[p.Line-1])+1 {
				t.Errorf("outside of %d lines: %v", len(lines), p)
			}
			if p.Message == "" {
				t.Errorf("no message: %v", p)
			}
		}
		if again, _ := Load(source, Local{}); !cmp.Equal(c, again, fieldsOnly) {
			t.Error("two loads differ")
		}
	})
}

func manyNodes(workers int) []byte {
	var b bytes.Buffer
	b.WriteString(minimal + "networking: {podSubnet: 172.16.0.0/12, serviceSubnet: 192.168.0.0/16}\ncni: {manifest: none}\nnodes:\n")
	for i := range 3 {
		fmt.Fprintf(&b, "- {name: cp%d, role: control-plane, address: 10.0.0.%d}\n", i, 7+i)
	}
	for i := range workers {
		fmt.Fprintf(&b, "- {name: w%d, role: worker, address: 10.1.%d.%d, mac: \"52:54:00:00:%02x:%02x\"}\n", i, i>>8, i&255, i>>8, i&255)
	}
	return b.Bytes()
}

func BenchmarkLoad(b *testing.B) {
	for _, workers := range []int{1_000, 10_000} {
		b.Run(fmt.Sprint(workers), func(b *testing.B) {
			source := manyNodes(workers)
			b.ReportAllocs()
			for b.Loop() {
				if c, problems := Load(source, Local{}); c == nil {
					b.Fatal(problems)
				}
			}
		})
	}
}
