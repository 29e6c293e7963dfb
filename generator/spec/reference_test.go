package spec

import (
	"flag"
	"fmt"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"kindling/generator/internal/kubernetes"
	"kindling/generator/internal/yamlfile"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite docs/cluster.yaml.md")

// TestReference holds docs/cluster.yaml.md against types.go. With -update it fails too, so that a recording never passes as a
// test.
func TestReference(t *testing.T) {
	const file = "../../docs/cluster.yaml.md"
	got := reference(t)
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s differs from the types; `go test ./generator/spec -update` rewrites it (-want +got):\n%s", file, diff)
	}
	if *update {
		t.Errorf("recorded %s; run again without -update", file)
	}
}

// TestReferenceNamesVersions holds the comments against the versions by which Load decides.
func TestReferenceNamesVersions(t *testing.T) {
	docs, err := readComments()
	if err != nil {
		t.Fatal(err)
	}
	for name, since := range map[string]kubernetes.Minor{
		"Cluster.WorkerIdentity":        kubernetes.SinceJoinByCertificate,
		"PKI.Algorithm":                 kubernetes.SinceECDSA,
		"PKI.CertificateValidityPeriod": kubernetes.SinceV1beta4,
		"Arg":                           kubernetes.SinceV1beta4,
	} {
		if words := "before Kubernetes " + since.String(); !strings.Contains(docs[name].meaning+docs[name].fallback, words) {
			t.Errorf("%s does not say %q", name, words)
		}
	}
}

var changes = regexp.MustCompile(`^(yes|new machines|no)(; .+)?$`)

// goName is a name of several words that begins a text.
var goName = regexp.MustCompile(`^\w*[a-z][A-Z]\w* `)

// TestReferenceIsComplete finds fields without an entry. A mapping has none of its own: its fields have theirs.
func TestReferenceIsComplete(t *testing.T) {
	docs, err := readComments()
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range yamlfile.Sections(reflect.TypeFor[Cluster]()) {
		if name := s.Type.Name(); !strings.HasPrefix(docs[name].meaning, name+" ") {
			t.Errorf("the comment of %s does not begin with its name", name)
		}
		for _, e := range docs.entries(s.Type) {
			name, kind := s.Type.Name()+"."+s.Type.Field(e.Index).Name, kindOf(s.Type.Field(e.Index).Type)
			if !strings.HasPrefix(docs[name].meaning, s.Type.Field(e.Index).Name+" ") {
				t.Errorf("the comment of %s does not begin with its name", name)
			}
			if goName.MatchString(e.meaning) {
				t.Errorf("the meaning of %s begins with its name in Go: %s", name, e.meaning)
			}
			if kind != "mapping" && !changes.MatchString(e.change) {
				t.Errorf(`%s has the tag change:%q, not "yes", "new machines" or "no" with a remark after "; "`, name, e.change)
			}
			if !strings.Contains(kind, "mapping") && e.Example == "" {
				t.Errorf("%s has no example in its tag", name)
			}
			if e.Enum != nil && !slices.Contains(e.Enum, e.Example) || e.Example == e.Default && e.Default != "" {
				t.Errorf("%s has the example %s", name, e.Example)
			}
			optional := !e.Required && !strings.HasPrefix(kind, "map") && !strings.HasPrefix(kind, "list")
			if optional && (e.Default == "") == (e.fallback == "") {
				t.Errorf("%s needs default= in its tag or, if it is not a plain value, a paragraph \"Default: …\" in its comment", name)
			}
		}
	}
}

const referenceHead = `<!-- Written by go test ./generator/spec -update, from generator/spec/types.go. -->

# cluster.yaml

One file describes a cluster. ` + "`kindling new`" + ` prints one to start from, ` + "`kindling validate`" + ` checks it, and
` + "`kindling schema`" + ` prints its JSON schema for editors. Unknown and duplicate keys are errors, and so are YAML's anchors,
aliases, merge keys and tags. A key without a value counts as left out.

A field may change after the first boot if you can change it for a running cluster and generate again. A machine reads its document
only at its first boot, so a change never reaches a machine that is running.

- **yes**: change it at any time. Running machines do not need to know.
- **new machines**: machines that boot blank with their new documents get the new value, and running machines keep the old one.
  To change all machines, replace them one at a time.
- **no**: keep the value. The running cluster would ignore the change, or the new machines would not fit in with the others.

kubeadm keeps a copy of its configuration in the running cluster (ConfigMap kubeadm-config in kube-system), which ` + "`kubeadm upgrade`" + `
goes by. New documents do not update it. Changes to certSANs, imageRepository, pki and extraArgs (except the kubelet's) therefore
belong in kubeadm-config as well.
`

func reference(t *testing.T) string {
	t.Helper()
	docs, err := readComments()
	if err != nil {
		t.Fatal(err)
	}
	sections := yamlfile.Sections(reflect.TypeFor[Cluster]())
	var b strings.Builder
	b.WriteString(referenceHead)
	for i, s := range sections {
		title := "The file"
		if i > 0 {
			title = titleOf(s)
		}
		fmt.Fprintf(&b, "\n## %s\n\n%s\n\n| key | value | default | example | may change after the first boot | meaning |\n|---|---|---|---|---|---|\n",
			title, docs[s.Type.Name()].forUsers())
		for _, e := range docs.entries(s.Type) {
			typ := s.Type.Field(e.Index).Type
			fmt.Fprintf(&b, "| `%s` | %s | %s | %s | %s | %s |\n", e.Name, valueCell(sections, typ, e), defaultCell(typ, e), exampleCell(typ, e), e.change, e.meaning)
		}
	}
	return strings.ReplaceAll(b.String(), "  ", " ")
}

func titleOf(s yamlfile.Section) string { return "`" + strings.Join(s.Places, "`, `") + "`" }

var notInAnchors = regexp.MustCompile(`[^a-z0-9 -]`)

// valueCell links a mapping to its section.
func valueCell(sections []yamlfile.Section, typ reflect.Type, e entry) string {
	kind := kindOf(typ)
	for typ.Kind() == reflect.Pointer || typ.Kind() == reflect.Slice {
		typ = typ.Elem()
	}
	if i := slices.IndexFunc(sections, func(s yamlfile.Section) bool { return s.Type == typ }); i > 0 {
		anchor := notInAnchors.ReplaceAllString(strings.ToLower(titleOf(sections[i])), "")
		return fmt.Sprintf("[%s](#%s)", kind, strings.ReplaceAll(anchor, " ", "-"))
	}
	if e.Enum != nil {
		return "`" + strings.Join(e.Enum, "`, `") + "`"
	}
	return kind
}

func defaultCell(typ reflect.Type, e entry) string {
	switch {
	case e.Required:
		return "required"
	case e.Default != "":
		return "`" + quoted(typ, e.Default) + "`"
	case e.fallback == "" && kindOf(typ) != "mapping":
		return "none"
	}
	return e.fallback
}

func exampleCell(typ reflect.Type, e entry) string {
	switch {
	case e.Example == "":
		return ""
	case typ.Kind() == reflect.Slice:
		return "`[" + e.Example + "]`"
	case typ.Kind() == reflect.Map:
		return "`{" + e.Example + "}`"
	}
	return "`" + quoted(typ, e.Example) + "`"
}

var number = regexp.MustCompile(`^[0-9:]+$`)

// quoted is a value with the quotes that YAML needs.
func quoted(typ reflect.Type, value string) string {
	if typ.Kind() == reflect.String && number.MatchString(value) {
		return `"` + value + `"`
	}
	return value
}

func kindOf(t reflect.Type) string {
	switch t.Kind() {
	case reflect.Pointer:
		return kindOf(t.Elem())
	case reflect.Slice:
		return "list of " + map[string]string{"string": "strings", "mapping": "mappings"}[kindOf(t.Elem())]
	case reflect.Map:
		return "map of strings"
	case reflect.Struct:
		return "mapping"
	case reflect.Int:
		return "number"
	case reflect.String:
		return "string"
	}
	return strings.ToLower(t.Name())
}
