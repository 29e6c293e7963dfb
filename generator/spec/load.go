package spec

import (
	"io/fs"

	"kindling/generator/internal/yamlfile"
)

// MaxSize is that of a cluster.yaml in bytes, enough for more than 40,000 nodes, one on each line.
const MaxSize = 4 << 20

// kind describes a cluster.yaml in messages.
var kind = yamlfile.Kind{
	Name:      "cluster.yaml",
	MaxSize:   MaxSize,
	Keys:      "apiVersion, kind and nodes",
	Start:     "`kindling new` prints a cluster.yaml to start from",
	Reference: "`kindling schema` and docs/cluster.yaml.md",
}

// Local is what the operator's computer has beside the text of a cluster.yaml. The zero Local has nothing, and then nothing that it could
// say is checked.
type Local struct {
	// Files opens the files and directories that the cluster.yaml names.
	Files fs.FS
	// Script returns an error that says why bash does not take a script, or nil.
	Script func(script string) error
}

// Load reads a cluster.yaml strictly, fills in the defaults and validates everything. It returns all problems at once. If any is
// fatal, the cluster is nil; otherwise it is complete, and the problems are warnings.
func Load(data []byte, local Local) (*Cluster, Problems) {
	cluster := new(Cluster)
	file := kind.Read(data, cluster)
	if file.Decoded() {
		parseValues(cluster)
		setDefaults(cluster)
		resolve(cluster)
		validate(cluster, file, local)
	}
	problems := file.Problems()
	if problems.Fatal() {
		return nil, problems
	}
	return cluster, problems
}
