package spec

import (
	"flag"
	"fmt"
	"os"
	"reflect"
	"strings"
	"testing"

	"kindling/generator/internal/kubernetes"
	"kindling/generator/internal/yamlfile"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write docs/cluster.yaml.md anew")

// TestReference holds docs/cluster.yaml.md against the types' own comments. It fails also when it records, so that no run
// with -update passes for a test.
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
		t.Errorf("%s differs from the types; `go test ./generator/spec -update` writes it anew (-want +got):\n%s", file, diff)
	}
	if *update {
		t.Errorf("recorded %s; run again without -update", file)
	}
}

// TestReferenceNamesVersions holds that the comments name the versions by which Load decides.
func TestReferenceNamesVersions(t *testing.T) {
	docs, err := readComments()
	if err != nil {
		t.Fatal(err)
	}
	for name, since := range map[string]kubernetes.Minor{
		"Cluster.WorkerIdentity":        kubernetes.SinceJoinByCertificate,
		"PKI.Algorithm":                 kubernetes.SinceECDSA,
		"PKI.CertificateValidityPeriod": kubernetes.SinceV1beta4,
		"Arg.":                          kubernetes.SinceV1beta4,
	} {
		typeName, field, _ := strings.Cut(name, ".")
		if words := "before Kubernetes " + since.String(); !strings.Contains(docs.of(typeName, field), words) {
			t.Errorf("%s does not say %q", name, words)
		}
	}
}

const referenceHead = `<!-- Written by go test ./generator/spec -update, from generator/spec/types.go. -->

# cluster.yaml

One file describes a cluster. ` + "`kindling new`" + ` prints one to begin with, ` + "`kindling validate`" + ` checks it, and
` + "`kindling schema`" + ` prints its JSON schema for editors. Unknown and duplicate keys are errors, and so are YAML's anchors,
aliases, merge keys and tags. A key without a value counts as left out.
`

func reference(t *testing.T) string {
	t.Helper()
	docs, err := readComments()
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	b.WriteString(referenceHead)
	for _, s := range yamlfile.Sections(reflect.TypeFor[Cluster]()) {
		title := "`" + strings.Join(s.Places, "`, `") + "`"
		if s.Type == reflect.TypeFor[Cluster]() {
			title = "The file"
		}
		fmt.Fprintf(&b, "\n## %s\n\n%s\n\n| key | value | meaning |\n|---|---|---|\n", title, docs.of(s.Type.Name(), ""))
		for _, f := range yamlfile.FieldsOf(s.Type) {
			inGo := s.Type.Field(f.Index)
			fmt.Fprintf(&b, "| `%s` | %s | %s |\n", f.Name, valueOf(inGo.Type, f), docs.of(s.Type.Name(), inGo.Name))
		}
	}
	return b.String()
}

func valueOf(t reflect.Type, f yamlfile.Field) string {
	value := kindOf(t)
	if f.Enum != nil {
		value = "`" + strings.Join(f.Enum, "`, `") + "`"
	}
	if f.Required {
		value += ", required"
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
		return "mapping of strings"
	case reflect.Struct:
		return "mapping"
	case reflect.Int:
		return "number"
	case reflect.String:
		return "string"
	}
	return strings.ToLower(t.Name())
}
