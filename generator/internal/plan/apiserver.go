package plan

import (
	"kindling/generator/internal/plan/part"
	"kindling/templates/step"
)

// apiServer is the API server, the controller manager and the scheduler of this machine.
func apiServer(m machine) part.Part {
	version, shell := m.cluster.Version(), []string{"boot/control-plane.sh"}
	if !version.UsesLocalAPIEndpoint() {
		shell = append(shell, "boot/endpoint.sh")
	}
	return part.Part{
		Steps: []step.Step{step.ControlPlane}, Shell: shell,
		Env: map[string]string{"ADMIN_CONF": version.AdminConf()},
	}
}
