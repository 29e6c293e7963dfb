package yamlfile

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
)

// unreadable finds what makes data no text at all.
func (k Kind) unreadable(data []byte) *Problem {
	if len(data) > k.MaxSize {
		return &Problem{Line: 1, Column: 1, Message: fmt.Sprintf(
			"the file has %d bytes; a %s has at most %d: is this the right file?", len(data), k.Name, k.MaxSize)}
	}
	if bytes.HasPrefix(data, []byte("\xff\xfe")) || bytes.HasPrefix(data, []byte("\xfe\xff")) {
		return &Problem{Line: 1, Column: 1, Message: "the file is UTF-16; save it as UTF-8"}
	}
	for i := 0; i < len(data); {
		if isPlain(data[i]) {
			i++
			continue
		}
		r, size := utf8.DecodeRune(data[i:])
		if message := k.characterFault(r, size, i); message != "" {
			before := Lines(data[:i])
			return &Problem{Line: len(before), Column: utf8.RuneCountInString(before[len(before)-1]) + 1, Message: message}
		}
		i += size
	}
	return nil
}

// isPlain is true for nearly all bytes of nearly all files.
func isPlain(b byte) bool { return b >= ' ' && b < 0x7f || b == '\n' }

// characterFault knows which characters the parser takes; it reports others without their place.
func (k Kind) characterFault(r rune, size, offset int) string {
	switch {
	case r == 0, r == utf8.RuneError && size == 1:
		return "a byte that is not text; a " + k.Name + " is UTF-8: is this the right file?"
	case r == '\ufeff' && offset > 0, r == '\ufffe', r == '\uffff', r < ' ' && r != '\t' && r != '\n' && r != '\r', r >= 0x7f && r < 0xa0 && r != 0x85:
		return fmt.Sprintf("the character %U is not allowed in YAML; remove it", r)
	}
	return ""
}

// parse makes the tree of the file's one document. The root is nil if there is none to go on with.
func (k Kind) parse(data []byte) (root *yaml.Node, problems Problems) {
	loader, err := yaml.NewLoader(bytes.NewReader(data))
	if err != nil {
		return nil, Problems{syntaxProblem(err, data)}
	}
	var doc, next yaml.Node
	switch err := loader.Load(&doc); {
	case errors.Is(err, io.EOF), err == nil && isEmpty(&doc):
		return nil, Problems{{Line: 1, Column: 1, Message: "the file is empty; " + k.Start}}
	case err != nil:
		return nil, Problems{syntaxProblem(err, data)}
	}
	root = doc.Content[0]
	if root.Kind != yaml.MappingNode {
		return nil, Problems{problemAt(root, "", "must be a mapping with keys such as "+k.Keys+"; "+k.Start)}
	}
	switch err := loader.Load(&next); {
	case err == nil:
		problems = append(problems, problemAt(&next, "", "a second document begins here; a "+k.Name+" is one document: remove the line `---`"))
	case !errors.Is(err, io.EOF):
		problems = append(problems, syntaxProblem(err, data))
	}
	return root, append(problems, refused(root)...)
}

func isEmpty(doc *yaml.Node) bool {
	return len(doc.Content) == 0 || doc.Content[0].Kind == yaml.ScalarNode && doc.Content[0].Tag == "!!null"
}

// refused finds what YAML has and a File may not have: with aliases a short file can stand for gigabytes, and tags
// change what a value is. One problem a line is enough.
func refused(n *yaml.Node) (problems Problems) {
	line := 0
	var walk func(n *yaml.Node)
	walk = func(n *yaml.Node) {
		message := ""
		switch {
		case n.Kind == yaml.AliasNode:
			message = fmt.Sprintf("aliases are refused; write the value itself instead of *%s", clip(n.Value))
		case n.Anchor != "":
			message = fmt.Sprintf("anchors are refused; remove &%s and write the value wherever it is needed", clip(n.Anchor))
		case n.Kind == yaml.ScalarNode && n.Tag == "!!merge":
			message = "merge keys are refused; write the keys themselves"
		case n.Style&yaml.TaggedStyle != 0:
			message = fmt.Sprintf("tags are refused; remove %s", clip(n.Tag))
		}
		if message != "" && n.Line > line {
			line = n.Line
			problems = append(problems, problemAt(n, "", message))
		}
		for _, c := range n.Content {
			walk(c)
		}
	}
	walk(n)
	return problems
}
