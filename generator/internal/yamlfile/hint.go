package yamlfile

import (
	"fmt"
	"strings"
)

// DidYouMean is the end of a message: the option that the user probably meant, or nothing.
func DidYouMean(got string, options []string) string {
	if option := nearest(got, options); option != "" {
		return fmt.Sprintf(" (did you mean %q?)", option)
	}
	return ""
}

// nearest finds an option that differs from got only in case and separators, or the one with the fewest typing mistakes, at most one
// for every three characters, or the only one that begins like got.
func nearest(got string, options []string) string {
	if got == "" || len(got) > MaxQuoted {
		return ""
	}
	var longer []string
	best, bestDistance := "", len(got)
	for _, option := range options {
		if bare(got) == bare(option) {
			return option
		}
		d := distance(strings.ToLower(got), strings.ToLower(option))
		if d < bestDistance && 3*d <= max(len(got), len(option)) {
			best, bestDistance = option, d
		}
		if strings.HasPrefix(bare(option), bare(got)) {
			longer = append(longer, option)
		}
	}
	if best == "" && len(longer) == 1 && len(bare(got)) >= 3 {
		return longer[0]
	}
	return best
}

var separators = strings.NewReplacer("-", "", "_", "", " ", "", ".", "")

func bare(s string) string { return separators.Replace(strings.ToLower(s)) }

// distance counts the insertions, deletions, replacements and swaps of neighbours that turn a into b.
func distance(a, b string) int {
	var before, last []int
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		before, last, row = last, row, make([]int, len(b)+1)
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			row[j+1] = min(last[j+1]+1, row[j]+1, last[j]+cost)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
	}
	return row[len(b)]
}
