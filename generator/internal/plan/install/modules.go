package install

import (
	"kindling/generator/internal/plan/part"
	"kindling/generator/spec"
	"kindling/templates/step"
)

// Modules installs kernel modules that a stock image may lack, before the machine loads them.
func Modules(n spec.Node) part.Part {
	extra := n.System().ExtraModules
	if extra == "" || n.InstallMethod() == "preinstalled" {
		return part.Part{}
	}
	return part.Part{Steps: []step.Step{step.Modules}, Shell: []string{"install/modules.sh"}, Env: map[string]string{"EXTRA_MODULES": extra}}
}
