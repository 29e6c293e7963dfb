package plan

import (
	"strings"

	"kindling/generator/internal/plan/part"
)

// approval lets the control planes decide who may join with the bootstrap token, if there is one. The names are bash's patterns.
func approval(m machine) part.Part {
	var own, token []string
	for _, n := range m.cluster.Nodes {
		switch {
		case n.Any():
			token = append(token, n.NamePattern)
		case n.JoinsWithToken():
			token = append(token, n.Name)
		default:
			own = append(own, n.Name)
		}
	}
	if len(token) == 0 {
		return part.Part{}
	}
	return part.Part{
		Shell: []string{"boot/approve.sh"}, Programs: []string{"base64", "kubectl", "openssl"},
		Env: map[string]string{"OWN_NAMES": strings.Join(own, "|"), "TOKEN_NAMES": strings.Join(token, "|")},
	}
}
