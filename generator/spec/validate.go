package spec

import "kindling/generator/internal/yamlfile"

// checker checks a cluster with its defaults against the rules. It records problems in the file.
type checker struct {
	*Cluster
	*yamlfile.File
	local Local
	// families that every machine and range must have.
	families families
	// rolesSound says that every node has a known role. Only then can nodes be counted by role.
	rolesSound bool
}

func validate(cluster *Cluster, file *yamlfile.File, local Local) {
	c := &checker{Cluster: cluster, File: file, local: local, families: usualFamilies(cluster.Nodes), rolesSound: true}
	for _, n := range c.Nodes {
		c.rolesSound = c.rolesSound && n.Role != ""
	}
	c.checkCluster()
	c.checkRanges()
	c.checkEtcd()
	c.checkPKI()
	c.checkSecrets()
	c.checkLoadBalancer()
	c.checkManifests()
	c.checkProxy()
	c.checkNetwork()
	c.checkPXE()
	c.checkMirrors()
	c.checkTrustedCAs()
	c.checkRegistries()
	c.checkMethodSaid()
	c.checkVersions(at("install", "versions"), c.Install.Versions)
	c.checkPackages(at("install", "method"), c.Install.Method)
	c.checkVersionsMatter(at("install", "versions"), c.Install.Versions, c.Nodes...)
	c.checkPatches()
	c.checkExtraArgs()
	c.checkExtraVolumes()
	c.checkImages()
	c.checkKubeProxy()
	c.checkKubeletConfiguration()
	c.checkFeatureGates()
	c.checkExtraFiles()
	c.checkSnippets()
	c.checkExtraSteps()
	c.checkNodes()
	c.resolved.local = local.Files != nil
}

// at is the path to a field.
func at(elems ...any) yamlfile.Path { return elems }
