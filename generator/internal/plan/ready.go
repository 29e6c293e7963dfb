package plan

import (
	"strconv"

	"kindling/generator/internal/plan/part"
	"kindling/generator/spec"
	"kindling/templates/step"
)

// ready waits for the machine's Node.
func ready(m machine) part.Part {
	return part.Part{
		Steps: []step.Step{step.Ready}, Shell: []string{"boot/ready.sh"}, Programs: []string{"curl"},
		Env: map[string]string{"POD_NETWORK": strconv.FormatBool(m.cluster.CNI.Kind() != spec.NoManifest)},
	}
}
