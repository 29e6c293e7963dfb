package main

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// mayImport lists what each package may import: one direction, from the command down to the parts. A module outside the standard
// library is listed only where its job is.
var mayImport = map[string][]string{
	"kindling/cmd/kindling": {
		"kindling/generator", "kindling/generator/diff", "kindling/generator/lock", "kindling/generator/serve", "kindling/generator/spec", "kindling/generator/sink", "kindling/generator/verify", "kindling/pki", "kindling/pki/store",
		"github.com/urfave/cli/v2", "golang.org/x/sys/unix", "golang.org/x/term", "mvdan.cc/sh/v3/syntax",
	},
	"kindling/generator": {
		"kindling/generator/internal/distro", "kindling/generator/internal/document", "kindling/generator/internal/kubeadm", "kindling/generator/internal/node", "kindling/generator/internal/plan", "kindling/generator/internal/provider", "kindling/generator/internal/redact",
		"kindling/generator/internal/staticpod", "kindling/generator/lock", "kindling/generator/sink", "kindling/generator/spec", "kindling/pki", "kindling/templates",
	},
	"kindling/generator/spec": {
		"kindling/generator/internal/distro", "kindling/generator/internal/kubernetes", "kindling/generator/internal/provider",
		"kindling/generator/internal/flags", "kindling/generator/internal/manifest", "kindling/generator/internal/networkconfig", "kindling/generator/internal/snippet", "kindling/generator/internal/yamlfile",
		"kindling/templates/step",
		"github.com/invopop/jsonschema",
	},
	"kindling/generator/lock":  {"kindling/generator/spec", "github.com/ProtonMail/go-crypto/openpgp", "github.com/klauspost/compress/zstd", "go.yaml.in/yaml/v4"},
	"kindling/generator/diff":  {"kindling/generator", "kindling/generator/internal/document/read", "kindling/generator/spec"},
	"kindling/generator/serve": {"kindling/generator", "github.com/rogpeppe/go-internal/lockedfile"},
	"kindling/generator/verify": {
		"kindling/generator", "kindling/generator/internal/document/read", "kindling/generator/internal/kubernetes", "kindling/generator/internal/provider", "kindling/generator/spec", "kindling/pki",
		"go.yaml.in/yaml/v4",
	},
	"kindling/generator/internal/yamlfile":       {"go.yaml.in/yaml/v4"},
	"kindling/generator/sink":                    {"github.com/rogpeppe/go-internal/lockedfile", "golang.org/x/sys/unix"},
	"kindling/generator/internal/distro":         {},
	"kindling/generator/internal/flags":          {"kindling/generator/internal/kubernetes"},
	"kindling/generator/internal/kubernetes":     {},
	"kindling/generator/internal/manifest":       {"kindling/generator/internal/kubernetes", "sigs.k8s.io/yaml"},
	"kindling/generator/internal/networkconfig":  {"sigs.k8s.io/yaml"},
	"kindling/generator/internal/kubeadm":        {"kindling/generator/internal/kubeadm/v1beta", "kindling/generator/internal/kubernetes", "go.yaml.in/yaml/v4"},
	"kindling/generator/internal/kubeadm/v1beta": {},
	"kindling/generator/internal/staticpod":      {"go.yaml.in/yaml/v4"},
	"kindling/generator/internal/redact":         {"kindling/generator/internal/node"},
	"kindling/generator/internal/gzip":           {"github.com/andybalholm/brotli/flate", "github.com/andybalholm/brotli/matchfinder", "github.com/klauspost/compress/gzip"},
	"kindling/generator/internal/node":           {"kindling/generator/internal/distro", "kindling/generator/internal/gzip", "kindling/generator/internal/snippet", "kindling/templates/step"},
	"kindling/generator/internal/snippet":        {"kindling/generator/internal/document/ignition", "kindling/generator/internal/yamlfile", "github.com/coreos/go-semver/semver", "go.yaml.in/yaml/v4"},
	"kindling/generator/internal/plan": {
		"kindling/generator/internal/distro", "kindling/generator/internal/kubeadm", "kindling/generator/internal/node",
		"kindling/generator/internal/plan/install", "kindling/generator/internal/plan/part", "kindling/generator/internal/snippet", "kindling/generator/internal/staticpod",
		"kindling/generator/lock", "kindling/generator/spec", "kindling/pki", "kindling/templates", "kindling/templates/step", "mvdan.cc/sh/v3/syntax",
	},
	"kindling/generator/internal/plan/install": {
		"kindling/generator/internal/node", "kindling/generator/internal/plan/part", "kindling/generator/lock", "kindling/generator/spec",
		"kindling/templates", "kindling/templates/step",
	},
	"kindling/generator/internal/plan/part": {"kindling/generator/internal/node", "kindling/templates/step"},
	"kindling/generator/internal/document": {
		"kindling/generator/internal/distro", "kindling/generator/internal/document/butane", "kindling/generator/internal/document/cloudinit",
		"kindling/generator/internal/document/ignition", "kindling/generator/internal/gzip", "kindling/generator/internal/node", "kindling/generator/internal/provider",
	},
	"kindling/generator/internal/document/cloudinit": {"kindling/generator/internal/distro", "kindling/generator/internal/node", "kindling/generator/internal/snippet", "go.yaml.in/yaml/v4"},
	"kindling/generator/internal/document/butane":    {"kindling/generator/internal/distro", "kindling/generator/internal/gzip", "kindling/generator/internal/node", "kindling/generator/internal/snippet", "go.yaml.in/yaml/v4"},
	"kindling/generator/internal/document/read":      {"github.com/vincent-petithory/dataurl", "go.yaml.in/yaml/v4", "mvdan.cc/sh/v3/expand", "mvdan.cc/sh/v3/syntax"},
	"kindling/generator/internal/document/ignition": {
		"github.com/coreos/butane/config", "github.com/coreos/butane/config/common", "github.com/coreos/ignition/v2/config",
	},
	"kindling/generator/internal/provider": {},
	"kindling/pki":                         {},
	"kindling/pki/store": {
		"filippo.io/age", "filippo.io/age/agessh", "filippo.io/age/armor", "golang.org/x/crypto/ssh",
		"github.com/rogpeppe/go-internal/lockedfile", "golang.org/x/sys/unix",
	},
	"kindling/templates":      {"kindling/templates/step", "mvdan.cc/sh/v3/syntax"},
	"kindling/templates/step": {},
}

func TestImports(t *testing.T) { checkImports(t) }

// checkImports holds the packages against the table, as `go list` finds them with these flags.
func checkImports(t *testing.T, flags ...string) {
	t.Helper()
	list := append([]string{"list", "-json=ImportPath,Imports"}, flags...)
	out, err := exec.Command("go", append(list, "kindling/...")...).Output()
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for decoder := json.NewDecoder(strings.NewReader(string(out))); ; seen++ {
		var p struct {
			ImportPath string
			Imports    []string
		}
		if err := decoder.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		allowed, known := mayImport[p.ImportPath]
		if !known {
			t.Errorf("%s is not in the table: say what it may import", p.ImportPath)
		}
		for _, i := range p.Imports {
			ours := strings.HasPrefix(i, "kindling/")
			if (ours || strings.Contains(strings.Split(i, "/")[0], ".")) && !slices.Contains(allowed, i) {
				t.Errorf("%s must not import %s", p.ImportPath, i)
			}
		}
	}
	if seen != len(mayImport) {
		t.Errorf("%d packages, but the table has %d", seen, len(mayImport))
	}
}
