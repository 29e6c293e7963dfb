// Package progress lets a wait go on as long as something moves, however slow the computer is. It ends the wait when nothing
// has moved for a long time.
package progress

import (
	"fmt"
	"regexp"
	"strings"
	"time"
)

// Patience is how long nothing may move. On a computer with two slow, busy cores, a first boot is silent for half that time.
const Patience = 3 * time.Minute

// interval is how often a wait checks whether something has moved, which costs more than asking.
const interval = 2 * time.Second

// Wait asks until the answer is yes, with a pause in between. It gives up when there was no new line for [Patience], neither
// in the answer nor in the sources, such as the consoles of machines.
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

// lines are the lines that were seen so far.
type lines map[string]bool

// volatile matches the parts of a line that change although nothing has moved: times of day, addresses in memory, ports, process
// numbers.
var volatile = regexp.MustCompile(`\d+:\d\d:\d\d|0x[0-9a-f]+|\d{3,}`)

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
