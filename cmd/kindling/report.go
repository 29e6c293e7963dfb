package main

import (
	"bufio"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode"

	"kindling/generator/spec"
)

// drawnWidth is how many characters of a source line are drawn.
const drawnWidth = 100

// draw prints problems as compilers do: the place, what is wrong, and the line itself with a caret below the place.
func draw(w io.Writer, file string, source []byte, ps spec.Problems) {
	if len(ps) == 0 {
		return
	}
	out := bufio.NewWriter(w)
	defer out.Flush()
	lines := spec.Lines(source)
	key := keyLines(lines)
	for _, p := range ps {
		fmt.Fprintf(out, "%s:%v\n", file, p.Error())
		switch line := lines[p.Line-1]; {
		case key[p.Line-1] || spec.LooksSecret(line):
			fmt.Fprintln(out, "  (line not shown: it may hold a secret)")
		case strings.TrimSpace(line) != "" && !strings.Contains(line, "\x00"):
			text, caret := excerpt(line, p.Column)
			fmt.Fprintf(out, "  %s\n  %s^\n", text, strings.Repeat(" ", caret))
		}
	}
}

// excerpt is the printable part of a line around a column, and the number of characters before the column.
func excerpt(line string, column int) (text string, caret int) {
	runes := []rune(line)
	first := 0
	if len(runes) > drawnWidth {
		first = min(max(column-1-drawnWidth/2, 0), len(runes)-drawnWidth)
	}
	last := min(first+drawnWidth, len(runes))
	var b strings.Builder
	if first > 0 {
		b.WriteRune('…')
		caret++
	}
	for i, r := range runes[first:last] {
		shown := string(r)
		if !unicode.IsPrint(r) {
			shown = strings.Trim(strconv.QuoteRune(r), "'")
		}
		b.WriteString(shown)
		if first+i < column-1 {
			caret += len([]rune(shown))
		}
	}
	if last < len(runes) {
		b.WriteRune('…')
	}
	return b.String(), caret
}

// keyLines says which lines belong to a private key, which ends with its END line.
func keyLines(lines []string) []bool {
	key := make([]bool, len(lines))
	inKey := false
	for i, line := range lines {
		begins := strings.Contains(line, "-----BEGIN ") && strings.Contains(line, "PRIVATE KEY")
		inKey = inKey || begins
		key[i] = inKey
		if strings.Contains(line, "-----END ") {
			inKey = false
		}
	}
	return key
}
