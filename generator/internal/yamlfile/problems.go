package yamlfile

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Problem is one thing that is wrong with a file, or with Warning set, one that its author should know.
type Problem struct {
	// Line and Column count from 1, columns in characters. They point at the value at fault, at the key if it is the key,
	// and for a missing field at the mapping that lacks it.
	Line, Column int
	// Field is the path to the field, such as nodes[1].role. Empty for a fault of the whole file.
	Field string
	// Message says what is wrong and what to do.
	Message string
	// Warning says that the file can be used all the same.
	Warning bool
}

// Error is the problem in one line, without the name of the file.
func (p Problem) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d:%d: ", p.Line, p.Column)
	if p.Warning {
		b.WriteString("warning: ")
	}
	if p.Field != "" {
		b.WriteString(p.Field + ": ")
	}
	b.WriteString(p.Message)
	return b.String()
}

// Problems are all problems of a file in the order of their positions.
type Problems []Problem

// Error has a line for each problem.
func (ps Problems) Error() string {
	lines := make([]string, len(ps))
	for i, p := range ps {
		lines[i] = p.Error()
	}
	return strings.Join(lines, "\n")
}

// Fatal reports whether any problem is more than a warning.
func (ps Problems) Fatal() bool {
	return slices.ContainsFunc(ps, func(p Problem) bool { return !p.Warning })
}

func (ps Problems) sort() {
	slices.SortStableFunc(ps, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
}

// keepWithin moves positions beyond the end of the source, such as that of a value which should follow, to its end.
func (ps Problems) keepWithin(data []byte) {
	if len(ps) == 0 {
		return
	}
	lines := Lines(data)
	for i := range ps {
		p := &ps[i]
		p.Line = min(max(p.Line, 1), len(lines))
		p.Column = min(max(p.Column, 1), len([]rune(lines[p.Line-1]))+1)
	}
}

// keepSecrets is for messages that repeat a value by other ways than Quote, such as the parser's.
func (ps Problems) keepSecrets() {
	for i := range ps {
		ps[i].Message = secret.ReplaceAllString(ps[i].Message, "${1}"+notShown+"${3}")
	}
}

var lineBreaks = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u0085", "\n", "\u2028", "\n", "\u2029", "\n")

// Lines splits a source at YAML's line breaks, so that Problem.Line is an index into it plus one. There is always a line.
func Lines(data []byte) []string {
	text := strings.TrimPrefix(string(data), "\ufeff")
	return strings.Split(lineBreaks.Replace(text), "\n")
}
