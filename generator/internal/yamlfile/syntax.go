package yamlfile

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
)

// syntaxProblem adds advice to the parser's message.
func syntaxProblem(err error, data []byte) Problem {
	var load *yaml.LoadError
	if !errors.As(err, &load) {
		return Problem{Line: 1, Column: 1, Message: "not YAML: " + err.Error()}
	}
	problem := Problem{Line: load.Mark.Line, Column: load.Mark.Column, Message: "not YAML: " + load.Message}
	lines := Lines(data)
	rest := strings.Join(lines[min(max(problem.Line-1, 0), len(lines)):], "")
	if strings.TrimSpace(rest) == "" && load.ContextMark.Line > 0 {
		problem.Line, problem.Column = load.ContextMark.Line, load.ContextMark.Column // at the end of the file there is nothing to show
	}
	if strings.Contains(load.Message, "cannot start any token") && strings.HasPrefix(strings.TrimLeft(rest, " "), "\t") {
		problem.Message = "not YAML: a tab indents this line; indent with spaces"
		return problem
	}
	here := lines[min(max(problem.Line-1, 0), len(lines)-1)]
	for line := problem.Line; line >= max(problem.Line-1, 1) && line <= len(lines); line-- { // the parser may notice it a line later
		text := lines[line-1]
		if at := strings.IndexFunc(text, isOddSpace); at >= 0 {
			return Problem{Line: line, Column: utf8.RuneCountInString(text[:at]) + 1, Message: "not YAML: " + oddSpace(text[at:])}
		}
	}
	if bareIPv6.MatchString(here) {
		problem.Message += "; put an address in brackets in quotes, such as \"[fd00::1]:6443\""
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

// bareIPv6 is an IPv6 address and port without quotes, which YAML takes for a list.
var bareIPv6 = regexp.MustCompile(`:\s+\[[0-9a-fA-F:.]+\]:[0-9]+`)

// isOddSpace reports whether a character looks like a space and is none to YAML.
func isOddSpace(r rune) bool { return r > unicode.MaxASCII && unicode.IsSpace(r) || r == '\u200b' }

// oddSpace names the first character of a text.
func oddSpace(text string) string {
	r, _ := utf8.DecodeRuneInString(text)
	return fmt.Sprintf("U+%04X only looks like a space, as in text from a web page; type a space in its place", r)
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
	{"invalid Unicode character escape", "write a character beyond U+FFFF as itself, or with eight digits, as in \\U0001F600"},
	{"unknown escape character", "write \\\\ for a backslash in double quotes, or use single quotes"},
}
