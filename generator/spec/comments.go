package spec

import (
	_ "embed"
	"go/ast"
	"go/parser"
	"go/token"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

//go:embed types.go
var typesSource []byte

// comment is what types.go says about a type or a field: its meaning and, in a paragraph of its own, its default.
type comment struct{ meaning, fallback string }

// comments are those of types.go, by the names of the types and "Type.Field".
type comments map[string]comment

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
			found[typ.Name.Name] = newComment(general.Doc)
			fields, ok := typ.Type.(*ast.StructType)
			if !ok {
				continue
			}
			for _, f := range fields.Fields.List {
				found[typ.Name.Name+"."+f.Names[0].Name] = newComment(f.Doc)
			}
		}
	}
	return found, nil
}

func newComment(doc *ast.CommentGroup) (c comment) {
	for paragraph := range strings.SplitSeq(doc.Text(), "\n\n") {
		text := strings.Join(strings.Fields(paragraph), " ")
		if fallback, ok := strings.CutPrefix(text, "Default: "); ok {
			c.fallback = strings.TrimSuffix(fallback, ".")
		} else {
			c.meaning = text
		}
	}
	return c
}

var goVoice = regexp.MustCompile(`^\w+ (is|are|has) (an? |the )?`)

// forUsers is the meaning without the first words that Go wants: "TTL is the lifetime" is "Lifetime".
func (c comment) forUsers() string {
	text := goVoice.ReplaceAllString(c.meaning, "")
	first, size := utf8.DecodeRuneInString(text)
	return string(unicode.ToUpper(first)) + text[size:]
}
