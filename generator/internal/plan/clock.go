package plan

import (
	"strconv"
	"strings"

	"kindling/generator/internal/node"
	"kindling/generator/internal/plan/part"
	"kindling/pki"
	"kindling/templates/step"
)

// clock waits until the document's certificates are valid.
func clock(m machine, valid pki.Window) part.Part {
	servers := m.cluster.TimeServers
	notBefore, notAfter := strconv.FormatInt(valid.NotBefore.Unix(), 10), strconv.FormatInt(valid.NotAfter.Unix(), 10)
	p := part.Part{
		Steps: []step.Step{step.Clock}, Shell: []string{"boot/clock.sh"},
		Expires: valid.NotAfter,
		Derived: []string{notBefore, notAfter},
		Env: map[string]string{
			"NOT_BEFORE":   notBefore,
			"NOT_AFTER":    notAfter,
			"TIME_SERVERS": strings.Join(servers, " "),
		},
	}
	if len(servers) > 0 {
		for _, f := range m.System().TimeServers(servers) {
			p.Files = append(p.Files, node.Public(f.Path, []byte(f.Content)))
		}
	}
	return p
}
