package spec

import "kindling/generator/internal/yamlfile"

// checker holds a cluster with its defaults against the rules, and notes in its file what is wrong.
type checker struct {
	*Cluster
	*yamlfile.File
	// families are those that every machine and range must have.
	families families
	// rolesSound says that every node has a known role, so that nodes can be counted.
	rolesSound bool
}

func validate(cluster *Cluster, file *yamlfile.File) {
	c := &checker{Cluster: cluster, File: file, families: usualFamilies(cluster.Nodes), rolesSound: true}
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
}

// at is the path to a field.
func at(elems ...any) yamlfile.Path { return elems }
