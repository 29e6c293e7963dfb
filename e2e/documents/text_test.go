package documents

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"kindling/e2e/internal/firstboot"
	"kindling/e2e/internal/kindling"
	"kindling/e2e/internal/tree"
)

// awkward are texts that some language between cluster.yaml and a machine's disk takes for something else: YAML 1.1 and 1.2, JSON,
// jinja, shells and URLs.
var awkward = append(strings.Fields(`yes no on off y N ~ null Null true True 1e3 1.5 .5 1. 0x1F 0o17 017 0b11 1_000 12:30:45 1:30 2026-01-01
	2026-01-01T00:00:00Z .inf -.inf .NaN = << - ? ! & * % @ > | # -- --- ... {} [] !!str 'a' "a" a: b:c #c $X ${X} $(id) %20 a,b +`),
	" ", " a", "a ", "a: b", "a #b", "- a", "\t", "a\tb", "a\n", "\n", "\n\n", "a\n \nb", "\n\na", "  a\nb", "a\r\n", "\r", "a\rb",
	"a\u2028b", "a\u2029b", "a\u0085b", "\u00a0", "\u00e9", "\U0001F600", "\ufeffa", "\u200b", "\x00", "a\x00b", "\x01", "\x7f", "\x1b[0m", `a\nb`, `\x00`,
	"---\na\n", "...\n", "%YAML 1.1\n", "key: &a 1\nb: *a\n", "<<: {a: 1}\n", "#cloud-config\n", "## template: jinja\n", "{{ x }}", "{% if %}",
	"`id`", strings.Repeat("x", 5000), strings.Repeat("x y ", 2000))

// TestAwkwardText has the real programs write files of such texts, which arrive byte by byte.
func TestAwkwardText(t *testing.T) {
	var files strings.Builder
	for i, text := range awkward {
		fmt.Fprintf(&files, "- {path: /etc/awkward/%d, content: %s}\n", i, strconv.QuoteToASCII(text)) // Go's escapes are YAML's, too
	}
	spec := filepath.Join(t.TempDir(), "cluster.yaml")
	text := fmt.Sprintf(`
apiVersion: kindling/v1alpha1
kind: Cluster
name: demo
kubernetesVersion: v1.37.2
controlPlaneEndpoint: api.demo.test:6443
os: ubuntu
install: {method: preinstalled}
cni: {manifest: none}
extraFiles:
%snodes:
- {name: cp0, role: control-plane, address: 10.0.0.7}
- {name: w0, role: worker, address: 10.0.0.8, os: flatcar}
`, &files)
	if err := os.WriteFile(spec, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	documents, err := kindling.Generate(t, spec, testPKI)
	if err != nil {
		t.Fatal(err)
	}
	cloudInit := firstboot.ReadUserData(t, map[string][]byte{"nocloud": documents.UserData(t, "cp0")})["nocloud"]
	ignition := firstboot.Ignition(t, documents.Document(t, "w0", kindling.Ignition, kindling.Text)).Tree
	for name, written := range map[string]tree.Tree{"cloud-init": cloudInit, "Ignition": ignition} {
		for i, want := range awkward {
			if got := written[fmt.Sprintf("/etc/awkward/%d", i)]; got.Type != "file" || got.Content != want {
				t.Errorf("%s wrote %.80q as %s %.80q", name, want, got.Type, got.Content)
			}
		}
	}
}
