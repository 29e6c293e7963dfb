// Package tail shortens long outputs for messages.
package tail

import "strings"

// Lines returns the last n lines of a text.
func Lines(text string, n int) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return strings.Join(lines[max(0, len(lines)-n):], "\n")
}
