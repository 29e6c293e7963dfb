package plan

import (
	"fmt"

	"kindling/generator/internal/node"
	"kindling/generator/internal/plan/part"
	"kindling/templates/step"
)

// trust has the machine's operating system trust the CAs of trustedCAFile.
func trust(m machine) part.Part {
	if m.cluster.TrustedCAFile == "" {
		return part.Part{}
	}
	p := part.Part{Steps: []step.Step{step.Trust}, Shell: []string{"boot/trust.sh"}, Env: map[string]string{"TRUST": m.System().Trust}}
	for i, certificate := range m.cluster.TrustedCAs() {
		p.Files = append(p.Files, node.Public(fmt.Sprintf(m.System().TrustedCA, i+1), certificate))
	}
	return p
}
