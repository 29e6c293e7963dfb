package cloudinit

import (
	"bytes"
	"regexp"

	"kindling/generator/internal/node"
)

var plainPath = regexp.MustCompile(`^/[A-Za-z0-9._/-]+$`)

// appendLiteral appends an element of write_files whose content is a literal block (YAML 1.2, 8.1.2), which most files of most
// machines are: to the letter what the YAML library makes of it, which takes fifty times as long. It reports whether the file is
// that simple; where it is not, nothing is appended.
func appendLiteral(out *bytes.Buffer, f node.File) bool {
	if f.Gzip != nil || !plainPath.MatchString(f.Path) || !simpleText(f.Content) {
		return false
	}
	out.WriteString("- path: " + f.Path + "\n")
	if p := permissions(f.Mode); p != "" {
		out.WriteString("  permissions: '" + p + "'\n")
	}
	out.WriteString("  content: |\n")
	for line := range bytes.Lines(f.Content) {
		if line[0] != '\n' {
			out.WriteString("    ")
		}
		out.Write(line)
	}
	return true
}

// simpleText reports whether a text consists of lines of printable ASCII, without a blank or an empty line at its beginning, an empty
// line at its end, or a blank at the end of a line.
func simpleText(text []byte) bool {
	if len(text) == 0 || text[0] == ' ' || text[0] == '\n' || text[len(text)-1] != '\n' || bytes.HasSuffix(text, []byte("\n\n")) {
		return false
	}
	for i := range len(text) {
		if c := text[i]; c != '\n' && (c < ' ' || c > '~') || c == '\n' && text[i-1] == ' ' {
			return false
		}
	}
	return true
}
