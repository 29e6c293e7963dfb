package spec

import (
	"flag"
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

// TestReference compares docs/cluster.yaml.md with types.go. With -update it fails too, so that a recording never passes as a
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

// TestReferenceNamesVersions checks that the comments name the versions by which Load decides.
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

var (
	changes = regexp.MustCompile(`^((yes|new machines|no)(; .+)?|by hand; .+)$`)
	// goName is a name of several words that begins a text.
	goName = regexp.MustCompile(`^\w*[a-z][A-Z]\w* `)
)

// TestReferenceIsComplete finds fields without an entry.
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
			f := s.Type.Field(e.Index)
			name := s.Type.Name() + "." + f.Name
			if !strings.HasPrefix(docs[name].meaning, f.Name+" ") {
				t.Errorf("the comment of %s does not begin with its name", name)
			}
			for _, lack := range lacks(e, kindOf(f.Type)) {
				t.Errorf("%s %s", name, lack)
			}
		}
	}
}

// lacks says what an entry still needs. A mapping needs less, because its fields have their own entries.
func lacks(e entry, kind string) (list []string) {
	mapping := strings.Contains(kind, "mapping")
	scalar := !mapping && !strings.HasPrefix(kind, "list") && !strings.HasPrefix(kind, "map")
	for lack, is := range map[string]bool{
		"must not begin with its Go name in the reference":                                                              goName.MatchString(e.meaning),
		`needs a tag change:"…" with "yes", "new machines", "by hand" or "no", and a remark after "; " if there is one`: kind != "mapping" && !changes.MatchString(e.change),
		"needs example= in its tag":                    !mapping && e.Example == "",
		"has an example that is not one of its values": e.Enum != nil && !slices.Contains(e.Enum, e.Example),
		"has its default as the example":               e.Default != "" && e.Example == e.Default,
		`needs either default= in its tag or, if it is not a plain value, a paragraph "Default: …" in its comment`: scalar && !e.Required && (e.Default == "") == (e.fallback == ""),
	} {
		if is {
			list = append(list, lack)
		}
	}
	return list
}
