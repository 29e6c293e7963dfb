package plan

import (
	"strconv"

	"kindling/generator/internal/plan/part"
	"kindling/templates/step"
)

// apiServer is the API server, the controller manager and the scheduler of this machine.
func apiServer(m machine) part.Part {
	version := m.cluster.Version()
	return part.Part{
		Steps: []step.Step{step.ControlPlane}, Shell: []string{"boot/control-plane.sh"},
		Env: map[string]string{
			"ADMIN_CONF":         version.AdminConf(),
			"LOCAL_API_ENDPOINT": strconv.FormatBool(version.UsesLocalAPIEndpoint()),
		},
	}
}
