package yamlfile

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
)

// unreadable finds out why data is not text at all.
func (k Kind) unreadable(data []byte) *Problem {
	if len(data) > k.MaxSize {
		return &Problem{Line: 1, Column: 1, Message: fmt.Sprintf(
			"the file has more than %d bytes, the most that %s may have; is this the right file?", k.MaxSize, k.Name)}
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

// isPlain is true for almost every byte of almost every file.
func isPlain(b byte) bool { return b >= ' ' && b < 0x7f || b == '\n' }

// characterFault knows which characters the parser accepts. The parser itself does not say where the others are.
func (k Kind) characterFault(r rune, size, offset int) string {
	switch {
	case r == 0, r == utf8.RuneError && size == 1:
		return "this byte is not UTF-8 text; is this the right file?"
	case r == '\ufeff' && offset > 0, r == '\ufffe', r == '\uffff', r < ' ' && r != '\t' && r != '\n' && r != '\r', r >= 0x7f && r < 0xa0 && r != 0x85:
		return fmt.Sprintf("the character %U is not allowed in YAML; remove it", r)
	}
	return ""
}

// parse builds the tree of the file's one document. The root is nil if there is no tree to work with.
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
		problems = append(problems, problemAt(&next, "", "a second document begins here, but "+k.Name+" must be one document; remove the line `---`"))
	case !errors.Is(err, io.EOF):
		problems = append(problems, syntaxProblem(err, data))
	}
	return root, append(problems, refused(root)...)
}

func isEmpty(doc *yaml.Node) bool {
	return len(doc.Content) == 0 || doc.Content[0].Kind == yaml.ScalarNode && doc.Content[0].Tag == "!!null"
}

// refused finds YAML that a File may not use: with aliases a short file can expand to gigabytes, and tags change the type of a
// value. It reports one problem per line.
func refused(n *yaml.Node) (problems Problems) {
	line := 0
	var walk func(n *yaml.Node)
	walk = func(n *yaml.Node) {
		message := ""
		switch {
		case n.Kind == yaml.AliasNode:
			message = fmt.Sprintf("aliases are not allowed; write the value itself instead of *%s", clip(n.Value))
		case n.Anchor != "":
			message = fmt.Sprintf("anchors are not allowed; remove &%s and repeat the value where it is needed", clip(n.Anchor))
		case n.Kind == yaml.ScalarNode && n.Tag == "!!merge":
			message = "merge keys are not allowed; write the keys themselves"
		case n.Style&yaml.TaggedStyle != 0:
			message = fmt.Sprintf("tags are not allowed; remove %s", clip(n.Tag))
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
