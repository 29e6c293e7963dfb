package plan

import (
	"maps"
	"slices"
	"strings"

	"kindling/generator/internal/node"
	"kindling/generator/internal/plan/part"
	"kindling/generator/spec"
	"kindling/templates"
)

// labels has the control planes label Nodes where a kubelet may not do it itself. Each of them does: any may be away.
func labels(m machine) part.Part {
	var lines, own []string
	for _, n := range m.cluster.Nodes {
		name := n.Name
		if n.Any() {
			name = n.NamePattern
		} else {
			own = append(own, name)
		}
		for _, key := range slices.Sorted(maps.Keys(n.Labels)) {
			if !spec.KubeletMaySet(key) {
				lines = append(lines, name+" "+key+" "+n.Labels[key])
			}
		}
	}
	if len(lines) == 0 {
		return part.Part{}
	}
	return part.Part{
		Shell: []string{"boot/label.sh"}, Programs: []string{"kubectl"},
		Env:   map[string]string{"NODE_NAMES": strings.Join(own, "|")},
		Files: []node.File{node.Public(part.Etc+"/node-labels", []byte(strings.Join(lines, "\n")+"\n"))},
		Units: []node.Unit{{Name: "kindling-labels.service", Enabled: true, Content: templates.Unit("kindling-labels.service")}},
	}
}
