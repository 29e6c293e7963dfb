package templates

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	"mvdan.cc/sh/v3/syntax"
)

// shorten gives functions and their local variables names of one or two letters, but for the functions to keep.
func shorten(file *syntax.File, keep []string) {
	shortenLocals(file)
	shortenFunctions(file, keep)
}

// A name gets the same letter everywhere, since the functions that a function calls see its locals. Names that are used outside of
// these functions or quoted, as for trap, stay as they are.
func shortenLocals(file *syntax.File) {
	var functions []*syntax.FuncDecl
	uses, elsewhere := map[string]int{}, map[string]bool{}
	for _, stmt := range file.Stmts {
		if f, ok := stmt.Cmd.(*syntax.FuncDecl); ok {
			functions = append(functions, f)
			eachVariable(f, func(name *string) { uses[*name]++ })
		} else {
			eachVariable(stmt, func(name *string) { elsewhere[*name] = true })
		}
	}
	eachQuoted(file, func(name string) { elsewhere[name] = true })
	names := slices.Collect(maps.Keys(locals(functions)))
	names = slices.DeleteFunc(names, func(name string) bool { return elsewhere[name] })
	short := shortNames(names, uses, func(letter string) bool { return uses[letter] > 0 || elsewhere[letter] })
	for _, f := range functions {
		eachVariable(f, func(name *string) {
			if letter, ok := short[*name]; ok {
				*name = letter
			}
		})
	}
}

// entries are the functions that are called from outside of run.sh, beside the steps.
var entries = []string{"main", "begin", "etcd_guard", "label_nodes"}

// forOwnSteps are the functions that the user's steps may call.
var forOwnSteps = []string{"fail", "proxied", "say", "waiting"}

// A function whose name is also a word that is no call stays as it is.
func shortenFunctions(file *syntax.File, keep []string) {
	calls, words := map[string]int{}, map[string]bool{}
	eachWord(file, func(word *string, call bool) {
		calls[*word]++
		words[*word] = words[*word] || !call
	})
	var names []string
	for name := range functions(file) {
		if !words[name] && !strings.HasPrefix(name, "step_") && !slices.Contains(keep, name) {
			names = append(names, name)
		}
	}
	short := shortNames(names, calls, func(letter string) bool { return calls[letter] > 0 })
	eachWord(file, func(word *string, _ bool) {
		if letter, ok := short[*word]; ok {
			*word = letter
		}
	})
}

// functions are the names of all functions.
func functions(file *syntax.File) map[string]bool {
	found := map[string]bool{}
	syntax.Walk(file, func(node syntax.Node) bool {
		if f, ok := node.(*syntax.FuncDecl); ok {
			found[f.Name.Value] = true
		}
		return true
	})
	return found
}

// eachWord calls do with the words of commands that are not quoted, and with the names of functions. Beside a command's own name, the
// word after optional and trap is a call.
func eachWord(node syntax.Node, do func(word *string, call bool)) {
	syntax.Walk(node, func(node syntax.Node) bool {
		switch n := node.(type) {
		case *syntax.FuncDecl:
			do(&n.Name.Value, true)
		case *syntax.DeclClause:
			for _, a := range n.Args {
				if a.Name != nil && n.Variant.Value == "declare" {
					do(&a.Name.Value, false)
				}
			}
		case *syntax.CallExpr:
			for i, word := range n.Args {
				lit, ok := word.Parts[0].(*syntax.Lit)
				if ok && len(word.Parts) == 1 {
					before := n.Args[max(i-1, 0)].Lit()
					do(&lit.Value, i == 0 || i == 1 && (before == "optional" || before == "trap"))
				}
			}
		}
		return true
	})
}

// shortNames gives the names that are used most the shortest of those that are not taken.
func shortNames(names []string, uses map[string]int, taken func(letter string) bool) map[string]string {
	slices.SortFunc(names, func(a, b string) int {
		if uses[a] != uses[b] {
			return uses[b] - uses[a]
		}
		return strings.Compare(a, b)
	})
	letters := strings.Split("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", "")
	for _, letter := range slices.Clone(letters) {
		letters = append(letters, "A"+letter)
	}
	letters = slices.DeleteFunc(letters, taken)
	short := map[string]string{}
	for i := range min(len(names), len(letters)) {
		short[names[i]] = letters[i]
	}
	return short
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

// eachVariable calls do with each place that names a variable: assignments, expansions, loops, arithmetic, and the words after read and printf -v.
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
			if len(n.Args) > 2 && n.Args[0].Lit() == "printf" && n.Args[1].Lit() == "-v" {
				eachOperand(n.Args[2], do)
			}
		}
		return true
	})
}

var quotedVariable = regexp.MustCompile(`\$\{?([A-Za-z_][A-Za-z0-9_]*)`)

// eachQuoted calls do with the names of what look like variables in single quotes.
func eachQuoted(node syntax.Node, do func(name string)) {
	syntax.Walk(node, func(node syntax.Node) bool {
		if quoted, ok := node.(*syntax.SglQuoted); ok {
			for _, match := range quotedVariable.FindAllStringSubmatch(quoted.Value, -1) {
				do(match[1])
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
