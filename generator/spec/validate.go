package spec

import (
	"fmt"

	"go.yaml.in/yaml/v4"
)

// checker holds a cluster with its defaults against the rules, and the tree that it came from.
type checker struct {
	*Cluster
	root *yaml.Node
	*decoder
	// families are those that every machine and range must have.
	families families
	// rolesSound says that every node has a known role, so that nodes can be counted.
	rolesSound bool
}

func validate(cluster *Cluster, root *yaml.Node, d *decoder) Problems {
	c := &checker{Cluster: cluster, root: root, decoder: d, families: usualFamilies(cluster.Nodes), rolesSound: true}
	for _, n := range c.Nodes {
		c.rolesSound = c.rolesSound && n.Role != ""
	}
	c.checkCluster()
	c.checkRanges()
	c.checkEtcd()
	c.checkPKI()
	c.checkLoadBalancer()
	c.checkManifests()
	c.checkNetwork()
	c.checkExtraArgs()
	c.checkExtraFiles()
	c.checkExtraSteps()
	c.checkNodes()
	c.reportUnquoted()
	return c.problems
}

func (c *checker) errorf(p path, format string, args ...any) { c.report(p, false, format, args) }
func (c *checker) warnf(p path, format string, args ...any)  { c.report(p, true, format, args) }

func (c *checker) report(p path, warning bool, format string, args []any) {
	if !c.sound(p...) {
		return
	}
	_, value, _ := p.find(c.root)
	problem := problemAt(value, p, fmt.Sprintf(format, args...))
	problem.Warning = warning
	c.problems = append(c.problems, problem)
}

// keyErrorf points at a mapping's key instead of its value.
func (c *checker) keyErrorf(p path, format string, args ...any) {
	key, _, _ := p.find(c.root)
	c.problems = append(c.problems, problemAt(key, p, fmt.Sprintf(format, args...)))
}

// sound tells whether decode has refused neither the field nor what it is in.
func (c *checker) sound(p ...any) bool {
	for i := range p {
		if c.faulty[path(p[:i+1]).String()] {
			return false
		}
	}
	return true
}

// has tells whether the file has the field.
func (c *checker) has(p path) bool {
	_, value, found := p.find(c.root)
	return found && !isNull(value)
}

// reportUnquoted tells of strings without the quotes that YAML wants, unless something worse is known of them.
func (c *checker) reportUnquoted() {
	told := map[string]bool{}
	for _, p := range c.problems {
		told[p.Field] = true
	}
	for _, u := range c.unquoted {
		if !told[u.path.String()] {
			c.refuse(u.node, u.path, fmt.Sprintf("must be a string, not %s; put it in quotes: %q", describe(u.node), u.node.Value))
		}
	}
}
