package spec

import (
	_ "embed"
	"go/ast"
	"go/parser"
	"go/token"
	"reflect"
	"strconv"
	"strings"
)

//go:embed types.go
var typesSource []byte

// comments are what types.go says of its types and their fields, by Go names. They are what users read, in the schema and
// in the reference.
type comments map[string]string

func (c comments) of(typeName, fieldName string) string {
	return c[strings.TrimSuffix(typeName+"."+fieldName, ".")]
}

func readComments() (comments, error) {
	file, err := parser.ParseFile(token.NewFileSet(), "types.go", typesSource, parser.ParseComments)
	if err != nil {
		return nil, err
	}
	found := comments{}
	for _, decl := range file.Decls {
		general, ok := decl.(*ast.GenDecl)
		if !ok || general.Tok != token.TYPE {
			continue
		}
		for _, item := range general.Specs {
			typ := item.(*ast.TypeSpec)
			found[typ.Name.Name] = flow(general.Doc)
			fields, ok := typ.Type.(*ast.StructType)
			if !ok {
				continue
			}
			for _, f := range fields.Fields.List {
				name := f.Names[0].Name
				if !ast.IsExported(name) {
					continue
				}
				text := flow(f.Doc)
				if rest, ok := strings.CutPrefix(text, name+" "); ok {
					text = key(f) + " " + rest
				}
				found[typ.Name.Name+"."+name] = text
			}
		}
	}
	return found, nil
}

// flow is a comment's text in one line.
func flow(doc *ast.CommentGroup) string { return strings.Join(strings.Fields(doc.Text()), " ") }

// key is the field's name in cluster.yaml.
func key(f *ast.Field) string {
	tag, _ := strconv.Unquote(f.Tag.Value)
	name, _, _ := strings.Cut(reflect.StructTag(tag).Get("json"), ",")
	return name
}
