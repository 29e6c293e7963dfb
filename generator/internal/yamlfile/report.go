package yamlfile

import (
	"fmt"

	"go.yaml.in/yaml/v4"
)

// Errorf notes a problem at a field, or at the part of its path that the file has. Nothing is noted if the field is faulty.
func (f *File) Errorf(p Path, format string, args ...any) { f.note(p, false, format, args) }

// Warnf notes a warning: the file can be used all the same.
func (f *File) Warnf(p Path, format string, args ...any) { f.note(p, true, format, args) }

func (f *File) note(p Path, warning bool, format string, args []any) {
	if !f.Sound(p...) {
		return
	}
	_, value, _ := p.find(f.root)
	problem := problemAt(value, p.String(), fmt.Sprintf(format, args...))
	problem.Warning = warning
	f.problems = append(f.problems, problem)
}

// Refuse is Errorf for a field that is faulty from then on.
func (f *File) Refuse(p Path, format string, args ...any) {
	f.Errorf(p, format, args...)
	f.faulty[p.String()] = true
}

// KeyErrorf points at a mapping's key instead of its value.
func (f *File) KeyErrorf(p Path, format string, args ...any) {
	key, _, _ := p.find(f.root)
	f.problems = append(f.problems, problemAt(key, p.String(), fmt.Sprintf(format, args...)))
}

// Sound reports whether neither the field nor what it is in is faulty.
func (f *File) Sound(p ...any) bool {
	for i := range p {
		if f.faulty[Path(p[:i+1]).String()] {
			return false
		}
	}
	return true
}

// Has reports whether the file has the field. A key without a value counts as left out.
func (f *File) Has(p Path) bool {
	_, value, found := p.find(f.root)
	return found && !isNull(value)
}

// Problems returns all that is wrong, in the order of the positions. Secrets are left out of the messages.
func (f *File) Problems() Problems {
	f.noteUnquoted()
	f.problems.keepWithin(f.data)
	f.problems.keepSecrets()
	f.problems.sort()
	return f.problems
}

// noteUnquoted reports strings without the quotes that YAML wants, unless something worse is known of them.
func (f *File) noteUnquoted() {
	known := map[string]bool{}
	for _, p := range f.problems {
		known[p.Field] = true
	}
	for _, u := range f.unquoted {
		if !known[u.field] {
			f.problems = append(f.problems, problemAt(u.node, u.field,
				fmt.Sprintf("must be a string, not %s; put it in quotes: %q", describe(u.node), u.node.Value)))
		}
	}
	f.unquoted = nil
}

func problemAt(n *yaml.Node, field, message string) Problem {
	return Problem{Line: n.Line, Column: n.Column, Field: field, Message: message}
}
