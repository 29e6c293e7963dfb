package spec

import "kindling/generator/internal/yamlfile"

// kind is what messages say of a cluster.yaml. Its size is room for more than 40,000 nodes, each in a line of its own.
var kind = yamlfile.Kind{
	Name:      "cluster.yaml",
	MaxSize:   4 << 20,
	Keys:      "apiVersion, kind and nodes",
	Start:     "`kindling new` prints a cluster.yaml to start from",
	Reference: "`kindling schema` and docs/cluster.yaml.md",
}

// Load reads a cluster.yaml: strictly, with defaults filled in and everything validated. It returns all problems at
// once. If any of them is fatal the cluster is nil, otherwise it is complete and the problems are warnings.
func Load(data []byte) (*Cluster, Problems) {
	cluster := new(Cluster)
	file := kind.Read(data, cluster)
	if file.Decoded() {
		parseValues(cluster)
		setDefaults(cluster)
		resolve(cluster)
		validate(cluster, file)
	}
	problems := file.Problems()
	if problems.Fatal() {
		return nil, problems
	}
	return cluster, problems
}
