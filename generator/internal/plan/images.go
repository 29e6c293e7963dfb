package plan

import (
	"kindling/generator/internal/plan/part"
	"kindling/templates/step"
)

// images pulls the images of kubeadm's configuration.
func images() part.Part {
	return part.Part{Steps: []step.Step{step.Images}, Shell: []string{"boot/images.sh"}}
}
