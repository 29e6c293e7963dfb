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
	problems.keepSecrets()
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
	parseValues(cluster)
	setDefaults(cluster)
	resolve(cluster)
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
	for i := 0; i < len(data); {
		r, size := utf8.DecodeRune(data[i:])
		if message := characterFault(r, size, i); message != "" {
			before := Lines(data[:i])
			return &Problem{Line: len(before), Column: utf8.RuneCountInString(before[len(before)-1]) + 1, Message: message}
		}
		i += size
	}
	return nil
}

// characterFault knows which characters the parser takes; it would tell of others without their place.
func characterFault(r rune, size, offset int) string {
	switch {
	case r == 0, r == utf8.RuneError && size == 1:
		return "a byte that is not text; a cluster.yaml is UTF-8: is this the right file?"
	case r == '\ufeff' && offset > 0, r == '\ufffe', r == '\uffff', r < ' ' && r != '\t' && r != '\n' && r != '\r', r >= 0x7f && r < 0xa0 && r != 0x85:
		return fmt.Sprintf("the character %U is not allowed in YAML; remove it", r)
	}
	return ""
}

// parse makes the tree of the file's one document. The root is nil if there is none to go on with.
func parse(data []byte) (root *yaml.Node, problems Problems) {
	loader, err := yaml.NewLoader(bytes.NewReader(data))
	if err != nil {
		return nil, Problems{syntaxProblem(err, data)}
	}
	var doc, next yaml.Node
	switch err := loader.Load(&doc); {
	case errors.Is(err, io.EOF), err == nil && isEmpty(&doc):
		return nil, Problems{{Line: 1, Column: 1, Message: "the file is empty; `kindling new` prints a cluster.yaml to start from"}}
	case err != nil:
		return nil, Problems{syntaxProblem(err, data)}
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
		problems = append(problems, syntaxProblem(err, data))
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
func syntaxProblem(err error, data []byte) Problem {
	var load *yaml.LoadError
	if !errors.As(err, &load) {
		return Problem{Line: 1, Column: 1, Message: "not YAML: " + err.Error()}
	}
	problem := Problem{Line: load.Mark.Line, Column: load.Mark.Column, Message: "not YAML: " + load.Message}
	lines := Lines(data)
	rest := strings.Join(lines[min(max(problem.Line-1, 0), len(lines)):], "")
	if strings.TrimSpace(rest) == "" && load.ContextMark.Line > 0 {
		problem.Line, problem.Column = load.ContextMark.Line, load.ContextMark.Column // the end of the file shows nothing
	}
	if strings.Contains(load.Message, "cannot start any token") && strings.HasPrefix(strings.TrimLeft(rest, " "), "\t") {
		problem.Message = "not YAML: a tab indents this line; indent with spaces"
		return problem
	}
	for _, known := range syntaxAdvice {
		if strings.Contains(load.Message, known.words) {
			problem.Message += "; " + strings.ReplaceAll(known.advice, "LINE", fmt.Sprintf("line %d", load.ContextMark.Line))
			break
		}
	}
	return problem
}

var syntaxAdvice = []struct{ words, advice string }{
	{"tab character", "indent with spaces"},
	{"mapping values are not allowed in this context", "indent the line like its neighbours, or put a value that holds \": \" in quotes"},
	{"did not find expected key", "indent the line like its neighbours"},
	{"could not find expected ':'", "write `key: value`, and indent the line like its neighbours"},
	{"did not find expected '-' indicator", "indent the line like its neighbours"},
	{"cannot start any token", "put a value that begins with this character in quotes"},
	{"unexpected end of stream", "close the quotes of LINE"},
	{"expected ',' or '}'", "close the { of LINE with a }"},
	{"expected ',' or ']'", "close the [ of LINE with a ]"},
	{"incompatible YAML document", "remove the line that begins with %YAML"},
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
			problems = append(problems, problemAt(n, nil, message))
		}
		for _, c := range n.Content {
			walk(c)
		}
	}
	walk(n)
	return problems
}
