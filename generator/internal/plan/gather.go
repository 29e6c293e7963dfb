package plan

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"kindling/generator/internal/node"
	"kindling/generator/internal/plan/part"
	"kindling/generator/spec"
	"kindling/templates"
	"kindling/templates/step"
)

// gather puts a machine together from its parts.
func (p *Plan) gather(m machine) (node.Node, error) {
	out := node.Node{
		Name: m.Name, Role: m.Role, Any: m.Any(), OS: m.System(),
		Network: network(m), NetworkConfig: m.cluster.NetworkConfigOf(m.Node), SSHAuthorizedKeys: m.cluster.SSHAuthorizedKeys, Snippets: snippets(m),
	}
	var (
		script templates.Script
		values = env{}
		hidden = []string{p.set}
		errs   []error
	)
	for _, part := range recipe(m, p.keys) {
		script.Steps = append(script.Steps, part.Steps...)
		script.Files = append(script.Files, part.Shell...)
		script.Programs = append(script.Programs, part.Programs...)
		maps.Copy(values, part.Env)
		hidden = append(hidden, part.Derived...)
		out.Files = append(out.Files, part.Files...)
		out.Units = append(out.Units, part.Units...)
		errs = append(errs, part.Err)
		if !part.Expires.IsZero() {
			out.Expires = part.Expires
		}
	}
	script.Steps, script.Own = withOwn(script.Steps, m.cluster.ExtraSteps), ownScripts(m.cluster)
	out.Steps = script.Steps
	run, err := p.compose(script)
	errs = append(errs, err)
	if m.cluster.SplitsSecrets() {
		sum := takeApart(&out)
		values["SECRETS_SHA256"] = sum
		hidden = append(hidden, sum)
	}
	list, err := values.file()
	list.Hidden = hidden
	errs = append(errs, err)
	out.Files = append(out.Files, run, list)
	out.Units = append(out.Units, node.Unit{Name: "kindling.service", Enabled: true, Content: templates.Unit("kindling.service")})
	slices.SortStableFunc(out.Files, func(a, b node.File) int { return cmp.Compare(a.Path, b.Path) })
	all := out.All()
	for i := 1; i < len(all); i++ {
		if name := all[i].Path; name == all[i-1].Path {
			errs = append(errs, fmt.Errorf("extraFiles: kindling writes %s itself; choose another path", name))
		}
	}
	errs = append(errs, taken(out))
	slices.SortStableFunc(out.Units, func(a, b node.Unit) int { return cmp.Compare(a.Name, b.Name) })
	return out, errors.Join(errs...)
}

// compose makes run.sh, once for all machines that have the same one.
func (p *Plan) compose(script templates.Script) (node.File, error) {
	var key strings.Builder
	for _, s := range script.Steps {
		key.WriteString(s.Name + " ")
	}
	key.WriteString(strings.Join(slices.Concat(script.Files, script.Programs), " "))
	if file, ok := p.scripts[key.String()]; ok {
		return file, nil
	}
	run, err := script.Compose()
	if err != nil {
		return node.File{}, err
	}
	file := node.Public(part.Etc+"/run.sh", run).Packed()
	file.Source = script.Source()
	p.scripts[key.String()] = file
	return file, nil
}

// withOwn puts the spec's own steps in their places. One whose place this machine does not have is left out: `before: etcd` means
// nothing on a worker.
func withOwn(steps []step.Step, own []spec.Step) []step.Step {
	for _, s := range own {
		place := func(name string) int {
			return slices.IndexFunc(steps, func(st step.Step) bool { return st.Name == name })
		}
		at := place(s.Before)
		if after := place(s.After); after >= 0 {
			at = after + 1
		}
		if at >= 0 {
			steps = slices.Insert(steps, at, step.Step{Name: s.Name, EveryBoot: s.Always})
		}
	}
	return steps
}

// ownScripts are the files of the user's own steps, by their names.
func ownScripts(c *spec.Cluster) map[string]string {
	scripts := map[string]string{}
	for _, s := range c.ExtraSteps {
		scripts[s.Name] = stepsDirectory + "/" + s.Name + ".sh"
	}
	return scripts
}
