package spec

import (
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"kindling/generator/internal/yamlfile"
)

const referenceHead = `<!-- Written by go test ./generator/spec -update, from generator/spec/types.go. -->

# cluster.yaml

One file describes a cluster. ` + "`kindling new`" + ` prints one to start from, ` + "`kindling validate`" + ` checks it, and
` + "`kindling schema`" + ` prints its JSON schema for editors. Unknown and duplicate keys are errors, and so are YAML's anchors,
aliases, merge keys and tags. A key without a value counts as left out.

A field may change after the first boot if you can change it for a running cluster and generate again. A machine reads its document
only at its first boot, so a change never reaches a machine that is running. ` + "`kindling diff`" + ` says what your changes need.

- **yes**: change it at any time. Running machines do not need to know.
- **new machines**: machines that boot blank with their new documents get the new value, and running machines keep the old one.
  To change all machines, replace them one at a time.
- **by hand**: the running cluster needs what the remark says. New documents alone do not change it.
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
	for typ.Kind() == reflect.Pointer || typ.Kind() == reflect.Slice || typ.Kind() == reflect.Map {
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
	if typ.Kind() == reflect.String && typ != reflect.TypeFor[PrefixLength]() && number.MatchString(value) {
		return `"` + value + `"`
	}
	return value
}

func kindOf(t reflect.Type) string {
	if t == reflect.TypeFor[PrefixLength]() {
		return "number, or a pair of them"
	}
	switch t.Kind() {
	case reflect.Pointer:
		return kindOf(t.Elem())
	case reflect.Slice:
		return "list of " + kindOf(t.Elem()) + "s"
	case reflect.Map:
		return "map of " + kindOf(t.Elem()) + "s"
	case reflect.Struct:
		return "mapping"
	case reflect.Int:
		return "number"
	case reflect.String:
		return "string"
	}
	return strings.ToLower(t.Name())
}
