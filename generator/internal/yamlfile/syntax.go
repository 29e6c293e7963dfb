package yamlfile

import (
	"errors"
	"fmt"
	"strings"

	"go.yaml.in/yaml/v4"
)

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
