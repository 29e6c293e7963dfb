package documents

import (
	"encoding/base64"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"kindling/e2e/internal/kindling"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/ext/tryfunc"
	"github.com/hashicorp/hcl/v2/hclparse"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/function/stdlib"
)

var hclBlock = regexp.MustCompile("(?ms)^```hcl\n(.*?)^```$")

// TestTerraform evaluates the lines of docs/providers.md with OpenTofu's own language: each resource gives its machine the node's document, in
// the encoding that the provider takes. The providers' own schemas cannot be had here.
func TestTerraform(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(kindling.Source(), "docs/providers.md"))
	if err != nil {
		t.Fatal(err)
	}
	locals := hclBlock.FindSubmatch(text)[1]
	for provider, test := range map[string]struct {
		expression func(*hclsyntax.Body) hcl.Expression
		file       string
		base64     bool
	}{
		"aws":          {attribute("user_data_base64"), "user-data.gz", true},
		"gcp":          {item("metadata", "user-data"), "user-data.b64", false},
		"azure":        {attribute("custom_data"), "user-data.gz", true},
		"openstack":    {attribute("user_data"), "user-data.gz", true},
		"hetzner":      {attribute("user_data"), "user-data.b64", false},
		"digitalocean": {attribute("user_data"), "user-data", false},
		"oracle":       {item("metadata", "user_data"), "user-data.gz", true},
		"vsphere":      {item("extra_config", "guestinfo.userdata"), "user-data.b64", false},
		"libvirt":      {attribute("user_data"), "user-data", false},
	} {
		t.Run(provider, func(t *testing.T) {
			t.Parallel()
			documents, module := moduleWith(t, provider)
			body := parse(t, resources(t, text, provider))
			context := module.locals(t, parse(t, locals))
			want := string(documents.File(t, "cp0", test.file))
			if test.base64 {
				want = base64.StdEncoding.EncodeToString([]byte(want))
			}
			node := context.Variables["local"].GetAttr("nodes").GetAttr("cp0")
			context.Variables["each"] = cty.ObjectVal(map[string]cty.Value{"key": cty.StringVal("cp0"), "value": node})
			got, problems := test.expression(body.Blocks[0].Body).Value(context)
			if problems.HasErrors() {
				t.Fatal(problems)
			}
			if got.AsString() != want {
				t.Errorf("%.80q in the place of %.80q", got.AsString(), want)
			}
		})
	}
}

// resources are the lines of a provider's section.
func resources(t *testing.T, text []byte, provider string) []byte {
	t.Helper()
	for _, section := range strings.Split(string(text), "\n## ") {
		if strings.Contains(section, "provider: "+provider+`\n`) {
			return hclBlock.FindSubmatch([]byte(section))[1]
		}
	}
	t.Fatalf("no section of %s", provider)
	return nil
}

func parse(t *testing.T, text []byte) *hclsyntax.Body {
	t.Helper()
	file, problems := hclparse.NewParser().ParseHCL(text, "configuration")
	if problems.HasErrors() {
		t.Fatal(problems)
	}
	return file.Body.(*hclsyntax.Body)
}

func attribute(name string) func(*hclsyntax.Body) hcl.Expression {
	return func(body *hclsyntax.Body) hcl.Expression { return body.Attributes[name].Expr }
}

// item is an element of an attribute that is a map.
func item(name, key string) func(*hclsyntax.Body) hcl.Expression {
	return func(body *hclsyntax.Body) hcl.Expression {
		pairs, _ := hcl.ExprMap(body.Attributes[name].Expr)
		for _, pair := range pairs {
			if got, _ := pair.Key.Value(nil); got.AsString() == key {
				return pair.Value
			}
		}
		return nil
	}
}

// module is a directory of OpenTofu's with the set in out/.
type module struct{ dir string }

func moduleWith(t *testing.T, provider string) (kindling.Documents, module) {
	t.Helper()
	sample, err := os.ReadFile(filepath.Join(samples, "stacked.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	spec := filepath.Join(dir, "cluster.yaml")
	if err := os.WriteFile(spec, []byte(string(sample)+"\nprovider: "+provider+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	documents, err := kindling.GenerateIn(dir, spec)
	if err != nil {
		t.Fatal(err)
	}
	return documents, module{dir}
}

// context has the module's path, and functions.
func (m module) context() *hcl.EvalContext {
	return &hcl.EvalContext{
		Variables: map[string]cty.Value{"path": cty.ObjectVal(map[string]cty.Value{"module": cty.StringVal(m.dir)})},
		Functions: map[string]function.Function{
			"can":        tryfunc.CanFunc,
			"jsondecode": stdlib.JSONDecodeFunc,
			"file":       fileFunction(func(data []byte) string { return string(data) }),
			"filebase64": fileFunction(base64.StdEncoding.EncodeToString),
		},
	}
}

// locals evaluates the block that all resources share.
func (m module) locals(t *testing.T, body *hclsyntax.Body) *hcl.EvalContext {
	t.Helper()
	context := m.context()
	values := map[string]cty.Value{}
	for _, name := range []string{"out", "index", "nodes"} {
		value, problems := body.Blocks[0].Body.Attributes[name].Expr.Value(context)
		if problems.HasErrors() {
			t.Fatal(problems)
		}
		values[name] = value
		context.Variables["local"] = cty.ObjectVal(values)
	}
	return context
}

func fileFunction(with func([]byte) string) function.Function {
	return function.New(&function.Spec{
		Params: []function.Parameter{{Name: "path", Type: cty.String}},
		Type:   function.StaticReturnType(cty.String),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			data, err := os.ReadFile(args[0].AsString())
			return cty.StringVal(with(data)), err
		},
	})
}
