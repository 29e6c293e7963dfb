package rig

import (
	"strings"
	"time"

	"kindling/e2e/internal/progress"
)

// Eventually asks until the answer is yes. It fails the test if there has long been nothing new in the answer or on a
// console.
func (r *Rig) Eventually(what string, ask func() (answer string, yes bool)) {
	r.t.Helper()
	progress.Eventually(r.t, what, 200*time.Millisecond, ask, r.Consoles)
}

// Consoles returns what the consoles of all machines have shown.
func (r *Rig) Consoles() string {
	text := new(strings.Builder)
	for name := range r.machines {
		text.WriteString(r.Console(name))
	}
	return text.String()
}
