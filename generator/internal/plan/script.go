package plan

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"kindling/generator/spec"
	"kindling/templates"
	"kindling/templates/step"
)

var filesOf = map[string]string{
	"etcd": "etcd/etcd", "join": "join/join", "haproxy": "loadbalancer/haproxy", "kube-vip": "loadbalancer/kube-vip", "load-balancer": "loadbalancer/load-balancer",
}

// runScript is /etc/kindling/run.sh of a kind of machine.
func runScript(c *spec.Cluster, of string) ([]byte, error) {
	kind, names, own := kinds[of], stepsOf(c, of), ownSteps(c, of)
	script := templates.Script{Programs: strings.Fields(programsOf(c, of)), Own: map[string]string{}}
	for _, lib := range libsOf(c, of) {
		script.Files = append(script.Files, lib+".sh")
	}
	for _, name := range names {
		st := step.Step{Name: name}
		if slices.Contains(own, name) {
			script.Files = append(script.Files, cmp.Or(kind.scripts[name], filesOf[name], "boot/"+name)+".sh")
			st = step.All[slices.IndexFunc(step.All, func(s step.Step) bool { return s.Name == name })]
		}
		script.Steps = append(script.Steps, st)
	}
	for i, s := range c.ExtraSteps {
		if !slices.Contains(names, s.Name) {
			continue
		}
		if _, err := templates.Parse(s.Script); err != nil {
			return nil, fmt.Errorf("extraSteps[%d].script: %w", i, err)
		}
		script.Own[s.Name] = s.Script
	}
	return script.Compose()
}
