package flags

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path"
	"path/filepath"
	"reflect"
	"slices"
	"strings"

	"kindling/e2e/internal/kindling"
)

// TypesFile has the type of each field of KubeletConfiguration, of the newest release that was asked.
func TypesFile() string {
	return filepath.Join(kindling.Source(), "generator", "internal", "flags", kubeletConfiguration+".types")
}

// UpdateTypes writes that file.
func UpdateTypes(version string) error {
	lines, err := AskTypes(version)
	if err != nil {
		return err
	}
	return os.WriteFile(TypesFile(), []byte(strings.Join(lines, "\n")+"\n"), 0o644)
}

// AskTypes has a line for each field, those inside others included: its path, in which [] stands for an item of a list and .* for a value
// of a map, and the word that KubeletConfiguration's Go type has for it.
func AskTypes(version string) ([]string, error) {
	t := types{version: version, fields: map[string]string{}}
	err := t.named("", "k8s.io/kubelet/config/v1beta1", kubeletConfiguration)
	delete(t.fields, "")
	var lines []string
	for _, path := range slices.Sorted(maps.Keys(t.fields)) {
		lines = append(lines, path+" "+t.fields[path])
	}
	return lines, err
}

// ofOwnForm are types that have a form of their own in JSON; apiVersion and kind are not for users to write.
var ofOwnForm = map[string]string{
	"k8s.io/apimachinery/pkg/apis/meta/v1.Duration":          "duration",
	"k8s.io/apimachinery/pkg/apis/meta/v1.Time":              "any",
	"k8s.io/apimachinery/pkg/apis/meta/v1.TypeMeta":          "object",
	"k8s.io/apimachinery/pkg/api/resource.Quantity":          "quantity",
	"k8s.io/apimachinery/pkg/api/resource.QuantityValue":     "quantity",
	"k8s.io/component-base/logs/api/v1.TimeOrMetaDuration":   "any",
	"k8s.io/component-base/logs/api/v1.VModuleConfiguration": "any",
}

// types reads Go's source for the types of fields.
type types struct {
	version string
	fields  map[string]string
}

// named adds the type of this name, in a package of Kubernetes'.
func (t *types) named(place, pkg, name string) error {
	if word, ok := ofOwnForm[pkg+"."+name]; ok {
		t.fields[place] = word
		return nil
	}
	parts := strings.SplitN(pkg, "/", 3)
	dir, err := moduleDir(path.Join(parts[0], parts[1]), "v0."+strings.TrimPrefix(t.version, "v1."))
	if err != nil {
		return err
	}
	files, err := filepath.Glob(filepath.Join(dir, filepath.FromSlash(parts[2]), "*.go"))
	if err != nil {
		return err
	}
	for _, file := range files {
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		if err != nil {
			return err
		}
		if object := parsed.Scope.Lookup(name); object != nil && !strings.HasSuffix(file, "_test.go") {
			return t.typed(place, pkg, parsed, object.Decl.(*ast.TypeSpec).Type)
		}
	}
	return fmt.Errorf("%s has no type %s", pkg, name)
}

// typed adds a type as it stands in a file of a package.
func (t *types) typed(place, pkg string, file *ast.File, typ ast.Expr) error {
	switch typ := typ.(type) {
	case *ast.StarExpr:
		return t.typed(place, pkg, file, typ.X)
	case *ast.ArrayType:
		t.fields[place] = "list"
		return t.typed(place+"[]", pkg, file, typ.Elt)
	case *ast.MapType:
		t.fields[place] = "object"
		return t.typed(place+".*", pkg, file, typ.Value)
	case *ast.SelectorExpr:
		return t.named(place, imported(file, typ.X.(*ast.Ident).Name), typ.Sel.Name)
	case *ast.StructType:
		t.fields[place] = "object"
		for _, field := range typ.Fields.List {
			inside := place
			if name := jsonName(field); name != "" {
				inside = strings.TrimPrefix(place+"."+name, ".")
			}
			if err := t.typed(inside, pkg, file, field.Type); err != nil {
				return err
			}
		}
		return nil
	case *ast.Ident:
		if !ast.IsExported(typ.Name) {
			t.fields[place] = typ.Name
			return nil
		}
		return t.named(place, pkg, typ.Name)
	}
	return fmt.Errorf("%s: no word for the type %T", place, typ)
}

func imported(file *ast.File, name string) string {
	for _, i := range file.Imports {
		path := strings.Trim(i.Path.Value, `"`)
		if i.Name != nil && i.Name.Name == name || i.Name == nil && filepath.Base(path) == name {
			return path
		}
	}
	return name
}

// jsonName is empty for a field whose own fields stand in its place.
func jsonName(field *ast.Field) string {
	if field.Tag == nil {
		return ""
	}
	name, _, _ := strings.Cut(reflect.StructTag(strings.Trim(field.Tag.Value, "`")).Get("json"), ",")
	return name
}
