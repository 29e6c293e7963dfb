package cloudinit

import (
	"bytes"
	"regexp"
	"strings"
)

var plainPath = regexp.MustCompile(`^/[A-Za-z0-9._/-]+$`)

// appendLiteral appends an element of write_files whose content is a literal block (YAML 1.2, 8.1.2), which most files of most
// machines are: to the letter what the YAML library makes of it, which takes fifty times as long. It reports whether the file is
// that simple; where it is not, nothing is appended.
func appendLiteral(out *bytes.Buffer, f file) bool {
	if f.Encoding != "" || !plainPath.MatchString(f.Path) || !simpleText(f.Content) {
		return false
	}
	out.WriteString("- path: " + f.Path + "\n")
	if f.Permissions != "" {
		out.WriteString("  permissions: '" + f.Permissions + "'\n")
	}
	out.WriteString("  content: |\n")
	for line := range strings.Lines(f.Content) {
		if line != "\n" {
			out.WriteString("    ")
		}
		out.WriteString(line)
	}
	return true
}

// simpleText reports whether a text consists of lines of printable ASCII, without a blank or an empty line at its beginning, an empty
// line at its end, or a blank at the end of a line.
func simpleText(text string) bool {
	if text == "" || text[0] == ' ' || text[0] == '\n' || text[len(text)-1] != '\n' || strings.HasSuffix(text, "\n\n") {
		return false
	}
	for i := range len(text) {
		if c := text[i]; c != '\n' && (c < ' ' || c > '~') || c == '\n' && text[i-1] == ' ' {
			return false
		}
	}
	return true
}
