package spec

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
)

// maxSize is room for more than 40,000 nodes, each in a line of its own.
const maxSize = 4 << 20

// Load reads a cluster.yaml: strictly, with defaults filled in and everything validated. It returns all problems at
// once. If any of them is fatal the cluster is nil, otherwise it is complete and the problems are warnings.
func Load(data []byte) (*Cluster, Problems) {
	cluster, problems := load(data)
	problems.keepWithin(data)
	problems.sort()
	if problems.Fatal() {
		return nil, problems
	}
	return cluster, problems
}

func load(data []byte) (*Cluster, Problems) {
	if problem := unreadable(data); problem != nil {
		return nil, Problems{*problem}
	}
	root, problems := parse(data)
	if root == nil {
		return nil, problems
	}
	cluster := new(Cluster)
	d := decoder{faulty: map[string]bool{}, problems: problems}
	d.decode(root, reflect.ValueOf(cluster).Elem(), nil)
	setDefaults(cluster)
	return cluster, validate(cluster, root, &d)
}

// unreadable finds what makes data no text at all.
func unreadable(data []byte) *Problem {
	if len(data) > maxSize {
		return &Problem{Line: 1, Column: 1, Message: fmt.Sprintf(
			"the file has %d bytes; a cluster.yaml has at most %d: is this the right file?", len(data), maxSize)}
	}
	if bytes.HasPrefix(data, []byte("\xff\xfe")) || bytes.HasPrefix(data, []byte("\xfe\xff")) {
		return &Problem{Line: 1, Column: 1, Message: "the file is UTF-16; save it as UTF-8"}
	}
	for i, line := 0, 1; i < len(data); {
		r, size := utf8.DecodeRune(data[i:])
		if r == 0 || r == utf8.RuneError && size == 1 {
			column := utf8.RuneCount(data[bytes.LastIndexByte(data[:i], '\n')+1:i]) + 1
			return &Problem{Line: line, Column: column, Message: fmt.Sprintf(
				"the byte 0x%02x is not text; a cluster.yaml is UTF-8: is this the right file?", data[i])}
		}
		if r == '\n' {
			line++
		}
		i += size
	}
	return nil
}

// parse makes the tree of the file's one document. The root is nil if there is none to go on with.
func parse(data []byte) (root *yaml.Node, problems Problems) {
	loader, err := yaml.NewLoader(bytes.NewReader(data))
	if err != nil {
		return nil, Problems{syntaxProblem(err)}
	}
	var doc, next yaml.Node
	switch err := loader.Load(&doc); {
	case errors.Is(err, io.EOF), err == nil && isEmpty(&doc):
		return nil, Problems{{Line: 1, Column: 1, Message: "the file is empty; `kindling new` prints a cluster.yaml to start from"}}
	case err != nil:
		return nil, Problems{syntaxProblem(err)}
	}
	root = doc.Content[0]
	if root.Kind != yaml.MappingNode {
		return nil, Problems{problemAt(root, nil, "must be a mapping with keys such as apiVersion, kind and nodes; "+
			"`kindling new` prints a cluster.yaml to start from")}
	}
	switch err := loader.Load(&next); {
	case err == nil:
		problems = append(problems, problemAt(&next, nil, "a second document begins here; a cluster.yaml is one document: remove the line `---`"))
	case !errors.Is(err, io.EOF):
		problems = append(problems, syntaxProblem(err))
	}
	return root, append(problems, refused(root)...)
}

func isEmpty(doc *yaml.Node) bool {
	return len(doc.Content) == 0 || doc.Content[0].Kind == yaml.ScalarNode && doc.Content[0].Tag == "!!null"
}

func problemAt(n *yaml.Node, p path, message string) Problem {
	return Problem{Line: n.Line, Column: n.Column, Field: p.String(), Message: message}
}

// syntaxProblem adds to the parser's words what to do.
func syntaxProblem(err error) Problem {
	problem := Problem{Line: 1, Column: 1, Message: "not YAML: " + err.Error()}
	var load *yaml.LoadError
	if !errors.As(err, &load) {
		return problem
	}
	problem.Line, problem.Column = load.Mark.Line, load.Mark.Column
	problem.Message = "not YAML: " + load.Message
	for _, known := range syntaxAdvice {
		if strings.Contains(load.Message, known.words) {
			problem.Message += "; " + known.advice
			break
		}
	}
	return problem
}

var syntaxAdvice = []struct{ words, advice string }{
	{"tab character", "indent with spaces"},
	{"mapping values are not allowed in this context", "indent the line like its neighbours, or put a value that holds \": \" in quotes"},
	{"did not find expected key", "indent the line like its neighbours"},
	{"did not find expected '-' indicator", "indent the line like its neighbours"},
	{"found character that cannot start any token", "put a value that begins with this character in quotes, and indent with spaces"},
	{"unexpected end of stream", "close the quotes"},
	{"expected ',' or '}'", "close the { with a }"},
	{"expected ',' or ']'", "close the [ with a ]"},
	{"unknown escape character", "write \\\\ for a backslash in double quotes, or use single quotes"},
}

// refused finds what YAML has and cluster.yaml has not: with aliases a short file can stand for gigabytes, and tags
// change what a value is. One problem a line is enough.
func refused(n *yaml.Node) (problems Problems) {
	line := 0
	var walk func(n *yaml.Node)
	walk = func(n *yaml.Node) {
		message := ""
		switch {
		case n.Kind == yaml.AliasNode:
			message = fmt.Sprintf("aliases are refused; write the value itself instead of *%s", n.Value)
		case n.Anchor != "":
			message = fmt.Sprintf("anchors are refused; remove &%s and write the value wherever it is needed", n.Anchor)
		case n.Kind == yaml.ScalarNode && n.Tag == "!!merge":
			message = "merge keys are refused; write the keys themselves"
		case n.Style&yaml.TaggedStyle != 0:
			message = fmt.Sprintf("tags are refused; remove %s", n.Tag)
		}
		if message != "" && n.Line > line {
			line = n.Line
			problems = append(problems, problemAt(n, nil, message))
		}
		for _, c := range n.Content {
			walk(c)
		}
	}
	walk(n)
	return problems
}
