package plan

import (
	"kindling/generator/internal/plan/part"
	"kindling/templates/step"
)

// rightMachine waits for the document's address or, on a machine of a pool, takes its host name.
func rightMachine(m machine) part.Part {
	p := part.Part{Steps: []step.Step{step.RightMachine}, Shell: []string{"boot/right-machine.sh"}, Programs: []string{"ip"}}
	if m.Any() {
		p.Shell = []string{"boot/any-machine.sh"}
		p.Env = map[string]string{"NAME_PATTERN": m.NamePattern}
	}
	return p
}
