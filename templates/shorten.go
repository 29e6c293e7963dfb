package templates

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	"mvdan.cc/sh/v3/syntax"
)

// shorten gives the local variables of our functions names of one letter. A name gets the same letter everywhere, since the functions
// that a function calls see its locals. Names that are used outside of these functions, too, stay as they are.
func shorten(file *syntax.File, ours func(function string) bool) {
	var functions []*syntax.FuncDecl
	uses, elsewhere := map[string]int{}, map[string]bool{}
	for _, stmt := range file.Stmts {
		if f, ok := stmt.Cmd.(*syntax.FuncDecl); ok && ours(f.Name.Value) {
			functions = append(functions, f)
			eachVariable(f, func(name *string) { uses[*name]++ })
		} else {
			eachVariable(stmt, func(name *string) { elsewhere[*name] = true })
		}
	}
	names := slices.Collect(maps.Keys(locals(functions)))
	names = slices.DeleteFunc(names, func(name string) bool { return elsewhere[name] })
	slices.SortFunc(names, func(a, b string) int {
		if uses[a] != uses[b] {
			return uses[b] - uses[a]
		}
		return strings.Compare(a, b)
	})
	letters := strings.Split("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", "")
	letters = slices.DeleteFunc(letters, func(letter string) bool { return uses[letter] > 0 || elsewhere[letter] })
	short := map[string]string{}
	for i := range min(len(names), len(letters)) {
		short[names[i]] = letters[i]
	}
	for _, f := range functions {
		eachVariable(f, func(name *string) {
			if letter, ok := short[*name]; ok {
				*name = letter
			}
		})
	}
}

// locals are the names that the functions declare with `local`.
func locals(functions []*syntax.FuncDecl) map[string]bool {
	found := map[string]bool{}
	for _, f := range functions {
		syntax.Walk(f, func(node syntax.Node) bool {
			if d, ok := node.(*syntax.DeclClause); ok && d.Variant.Value == "local" {
				for _, a := range d.Args {
					if a.Name != nil {
						found[a.Name.Value] = true
					}
				}
			}
			return true
		})
	}
	return found
}

var identifier = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// eachVariable calls do with each place that names a variable: assignments, expansions, loops, arithmetic, and the words after read.
func eachVariable(node syntax.Node, do func(name *string)) {
	syntax.Walk(node, func(node syntax.Node) bool {
		switch n := node.(type) {
		case *syntax.Assign:
			if n.Name != nil {
				do(&n.Name.Value)
			}
		case *syntax.ParamExp:
			if n.Param != nil {
				do(&n.Param.Value)
			}
		case *syntax.WordIter:
			do(&n.Name.Value)
		case *syntax.ArithmExp:
			eachOperand(n.X, do)
		case *syntax.CallExpr:
			if len(n.Args) > 0 && n.Args[0].Lit() == "read" {
				for _, word := range n.Args[1:] {
					eachOperand(word, do)
				}
			}
		}
		return true
	})
}

// eachOperand calls do with the words of an arithmetic expression that are names.
func eachOperand(expression syntax.ArithmExpr, do func(name *string)) {
	switch x := expression.(type) {
	case *syntax.Word:
		if len(x.Parts) == 1 {
			if lit, ok := x.Parts[0].(*syntax.Lit); ok && identifier.MatchString(lit.Value) {
				do(&lit.Value)
			}
		}
	case *syntax.BinaryArithm:
		eachOperand(x.X, do)
		eachOperand(x.Y, do)
	case *syntax.UnaryArithm:
		eachOperand(x.X, do)
	case *syntax.ParenArithm:
		eachOperand(x.X, do)
	}
}
