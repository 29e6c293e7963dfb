package sink

import (
	"path"
	"slices"
	"strings"
)

const ignoreName = ".gitignore"

// layout has the files of a set. Whatever else is in a directory is foreign: it is neither replaced nor removed.
var layout = []string{
	"README.md", "index.json", ignoreName,
	"nodes/*/user-data", "nodes/*/user-data.gz", "nodes/*/user-data.b64", "nodes/*/meta-data", "nodes/*/network-config",
	"nodes/*/config.ign", "nodes/*/config.bu",
	"ipxe/*.ipxe",
}

// layoutDirs has the directories of a set.
var layoutDirs = []string{".", "nodes", "nodes/*", "ipxe"}

func inLayout(file string) bool { return matches(layout, file) }

func matches(patterns []string, name string) bool {
	return slices.ContainsFunc(patterns, func(pattern string) bool {
		matched, _ := path.Match(pattern, name) // the patterns are well-formed
		return matched
	})
}

// unit is what of a set comes and goes as a whole: the directory of a node, or a file.
func unit(file string) string {
	if strings.HasPrefix(file, "nodes/") {
		return path.Dir(file)
	}
	return file
}

// cutStage cuts off the directory in which kindling before this layout wrote a set, inside the root.
func cutStage(name string) (stage, rest string) {
	first, rest, _ := strings.Cut(name, "/")
	if matched, _ := path.Match(".kindling-[0-9]*", first); matched {
		return first, rest
	}
	return "", name
}
