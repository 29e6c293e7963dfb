// Package progress lets a wait go on for as long as something moves, however slow the computer is, and ends it when nothing
// has moved for long.
package progress

import (
	"fmt"
	"regexp"
	"strings"
	"time"
)

// Patience is how long nothing may move. On a computer with two slow, busy cores, a first boot is silent for half of it.
const Patience = 3 * time.Minute

// interval is how often a wait looks whether something has moved, which costs more than asking.
const interval = 2 * time.Second

// Wait asks again and again, with a pause in between, until the answer is yes. It gives up when for [Patience] there was no line that
// it had not seen before: in the answer, or in what the sources show, as the consoles of machines.
func Wait(pause time.Duration, ask func() (answer string, yes bool), sources ...func() string) error {
	seen := lines{}
	moved := time.Now()
	var looked time.Time
	for {
		answer, yes := ask()
		if yes {
			return nil
		}
		if time.Since(looked) >= interval {
			looked = time.Now()
			texts := []string{answer}
			for _, source := range sources {
				texts = append(texts, source())
			}
			if seen.add(texts) {
				moved = time.Now()
			} else if time.Since(moved) >= Patience {
				return fmt.Errorf("nothing has moved for %s; last answer: %s", Patience, answer)
			}
		}
		time.Sleep(pause)
	}
}

// lines are those that were seen so far.
type lines map[string]bool

// volatile are parts of a line that differ from time to time although nothing has moved: times of day, ports, process numbers.
var volatile = regexp.MustCompile(`\d+:\d\d:\d\d|\d{3,}`)

// add reports whether a line is new.
func (l lines) add(texts []string) bool {
	before := len(l)
	for _, text := range texts {
		for line := range strings.Lines(text) {
			l[volatile.ReplaceAllString(line, "#")] = true
		}
	}
	return len(l) > before
}
