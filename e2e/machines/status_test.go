package machines

import (
	"encoding/json"
	"fmt"

	"kindling/e2e/internal/rig"
)

// A status is what kindling reports on a machine about its work there.
type status struct {
	State      string
	Step       string
	Steps      []struct{ Name string }
	WaitingFor []string
	LastError  string
}

func statusOf(r *rig.Rig, machine string) (status, error) {
	var s status
	text, err := r.Exec(machine, "cat", "/run/kindling/status.json")
	if err != nil {
		return s, fmt.Errorf("%w: %s", err, text)
	}
	return s, json.Unmarshal([]byte(text), &s)
}
