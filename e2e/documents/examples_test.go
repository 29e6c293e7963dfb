package documents

import (
	"encoding/base64"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"kindling/e2e/internal/kindling"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/function/stdlib"
)

// TestExamples evaluates docs/examples with OpenTofu's own language: all names in them are declared, and each machine gets the node's
// document, in the encoding that the provider takes. The providers' own schemas cannot be had here.
func TestExamples(t *testing.T) {
	for provider, userData := range map[string]map[string]string{
		"aws":     {"aws_instance.node": "user_data_base64", "aws_launch_template.pool": "user_data"},
		"hetzner": {"hcloud_server.node": "user_data"},
		"libvirt": {"libvirt_cloudinit_disk.node": "user_data"},
	} {
		t.Run(provider, func(t *testing.T) {
			t.Parallel()
			e := newExample(t, filepath.Join(kindling.Source(), "docs/examples", provider))
			e.declare()
			got := e.evaluate(userData)
			want := map[string]string{}
			for _, node := range e.documents.Nodes(t) {
				document := e.documents.UserData(t, node)
				want[node] = string(document)
				if provider == "aws" {
					want[node] = base64.StdEncoding.EncodeToString(document)
				}
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("what the machines get (-want +got):\n%s", diff)
			}
		})
	}
}

// An example is a directory of OpenTofu's, with the documents of its cluster.
type example struct {
	t         *testing.T
	documents kindling.Documents
	blocks    hclsyntax.Blocks
	context   *hcl.EvalContext
}

// newExample copies an example and makes its documents, without packages and a pod network, which are elsewhere.
func newExample(t *testing.T, from string) *example {
	t.Helper()
	dir := t.TempDir()
	spec := filepath.Join(dir, "cluster.yaml")
	text := replacedOnce(t, string(read(t, filepath.Join(from, "cluster.yaml"))), "method: packages", "method: preinstalled")
	_, after, found := strings.Cut(text, "\n  manifest: ")
	manifest, _, _ := strings.Cut(after, "\n")
	if !found {
		t.Fatal("no manifest")
	}
	if err := os.WriteFile(spec, []byte(replacedOnce(t, text, manifest, "none")), 0o600); err != nil {
		t.Fatal(err)
	}
	documents, err := kindling.GenerateIn(dir, spec)
	if err != nil {
		t.Fatal(err)
	}
	config := read(t, filepath.Join(from, "main.tf"))
	if diff := cmp.Diff(string(hclwrite.Format(config)), string(config)); diff != "" {
		t.Errorf("tofu fmt (-formatted +main.tf):\n%s", diff)
	}
	context := module{dir}.context()
	maps.Copy(context.Functions, map[string]function.Function{
		"join": stdlib.JoinFunc, "slice": stdlib.SliceFunc, "split": stdlib.SplitFunc, "trimprefix": stdlib.TrimPrefixFunc,
	})
	return &example{t, documents, parse(t, config).Blocks, context}
}

func replacedOnce(t *testing.T, text, before, after string) string {
	t.Helper()
	if strings.Count(text, before) != 1 {
		t.Fatalf("%q is there %d times", before, strings.Count(text, before))
	}
	return strings.Replace(text, before, after, 1)
}

// declare gives the context the variables with their defaults, the locals, and resources of which nothing is known but their keys.
func (e *example) declare() {
	e.t.Helper()
	variables := map[string]cty.Value{}
	for _, b := range e.of("variable") {
		variables[b.Labels[0]] = cty.UnknownVal(cty.String)
		if value, has := b.Body.Attributes["default"]; has {
			variables[b.Labels[0]] = e.value(value.Expr, e.context)
		}
	}
	e.context.Variables["var"] = cty.ObjectVal(variables)
	locals := map[string]cty.Value{}
	for _, a := range inOrder(e.of("locals")[0].Body.Attributes) {
		locals[a.Name] = e.value(a.Expr, e.context)
		e.context.Variables["local"] = cty.ObjectVal(locals)
	}
	types := map[string]map[string]cty.Value{}
	for _, b := range e.of("resource") {
		if types[b.Labels[0]] == nil {
			types[b.Labels[0]] = map[string]cty.Value{}
		}
		types[b.Labels[0]][b.Labels[1]] = cty.DynamicVal
		if each := e.each(b); each != nil {
			keyed := map[string]cty.Value{}
			for key := range each {
				keyed[key] = cty.DynamicVal
			}
			types[b.Labels[0]][b.Labels[1]] = cty.ObjectVal(keyed)
		}
	}
	for name, resources := range types {
		e.context.Variables[name] = cty.ObjectVal(resources)
	}
}

// of are the blocks of a type.
func (e *example) of(kind string) (list hclsyntax.Blocks) {
	for _, b := range e.blocks {
		if b.Type == kind {
			list = append(list, b)
		}
	}
	return list
}

// each is what a resource is for, or nil for one that is alone.
func (e *example) each(b *hclsyntax.Block) map[string]cty.Value {
	e.t.Helper()
	if attribute, has := b.Body.Attributes["for_each"]; has {
		return e.value(attribute.Expr, e.context).AsValueMap()
	}
	return nil
}

// evaluate evaluates all of the resources, and returns these attributes of some by the names of the machines, or of the resource that is
// alone.
func (e *example) evaluate(wanted map[string]string) map[string]string {
	e.t.Helper()
	found := map[string]string{}
	for _, b := range e.of("resource") {
		address := strings.Join(b.Labels, ".")
		each := e.each(b)
		if each == nil {
			e.body(b.Body, e.context)
			if name, is := wanted[address]; is {
				found[b.Labels[1]] = e.value(b.Body.Attributes[name].Expr, e.context).AsString()
			}
		}
		for key, value := range each {
			inside := e.context.NewChild()
			inside.Variables = map[string]cty.Value{"each": cty.ObjectVal(map[string]cty.Value{"key": cty.StringVal(key), "value": value})}
			e.body(b.Body, inside)
			if name, is := wanted[address]; is {
				found[key] = e.value(b.Body.Attributes[name].Expr, inside).AsString()
			}
		}
	}
	return found
}

// body evaluates a block's attributes, and those of the blocks in it. What to ignore are names of the resource's own.
func (e *example) body(b *hclsyntax.Body, context *hcl.EvalContext) {
	e.t.Helper()
	for name, a := range b.Attributes {
		if name != "ignore_changes" {
			e.value(a.Expr, context)
		}
	}
	for _, inner := range b.Blocks {
		e.body(inner.Body, context)
	}
}

func (e *example) value(expression hcl.Expression, context *hcl.EvalContext) cty.Value {
	e.t.Helper()
	value, problems := expression.Value(context)
	if problems.HasErrors() {
		e.t.Fatal(problems)
	}
	return value
}

// inOrder are attributes as they stand in the file.
func inOrder(attributes hclsyntax.Attributes) []*hclsyntax.Attribute {
	return slices.SortedFunc(maps.Values(attributes), func(a, b *hclsyntax.Attribute) int { return a.NameRange.Start.Byte - b.NameRange.Start.Byte })
}
