//go:build lab

package machines

import (
	"fmt"
	"html"
	"os"
	"regexp"
	"slices"
	"strings"
)

// telling are the lines that show how control planes wait for each other, without those that are for programs.
var telling = regexp.MustCompile(`^kindling (cp\d) (\S+) (boot: .*|etcd: (waiting|done|started).*|(control-plane|cluster): done.*|ready: .* is a .*)$`)

// draw writes a picture (SVG 1.1) of what the control planes have said, in the order of time.
func draw(file string, lines []string) error {
	const width, height, columns = 900, 18, 108
	colours := map[string]string{"cp0": "#8be9fd", "cp1": "#50fa7b", "cp2": "#f1fa8c"}
	clock := func(line string) string { return telling.FindStringSubmatch(line)[2] }
	lines = slices.DeleteFunc(slices.Clone(lines), func(line string) bool { return !telling.MatchString(line) })
	slices.SortStableFunc(lines, func(a, b string) int { return strings.Compare(clock(a), clock(b)) })
	var svg strings.Builder
	fmt.Fprintf(&svg, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="monospace" font-size="13">`+"\n", width, height*(len(lines)+2))
	fmt.Fprintf(&svg, `<title>The consoles of three control planes at their first boot</title>`+"\n"+`<rect width="100%%" height="100%%" rx="8" fill="#282a36"/>`+"\n")
	for i, line := range lines {
		if len(line) > columns {
			line = line[:columns-1] + "…"
		}
		fmt.Fprintf(&svg, `<text x="16" y="%d" xml:space="preserve" fill="%s">%s</text>`+"\n", height*(i+1)+height/2, colours[telling.FindStringSubmatch(lines[i])[1]], html.EscapeString(line))
	}
	svg.WriteString("</svg>\n")
	return os.WriteFile(file, []byte(svg.String()), 0o644)
}
