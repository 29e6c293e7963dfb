package sink

import (
	"bytes"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
)

const ignoreName = ".gitignore"

// layout is what a directory of kindling's holds. Anything else in it is foreign: it is neither replaced nor removed.
type layout struct {
	// file and dir report whether a path is in the layout.
	file, dir func(name string) bool
	// made reports whether kindling wrote a directory with this layout.
	made func(root *os.Root) bool
	// unit returns the part of the layout that comes and goes as a whole.
	unit              func(file string) string
	fileMode, dirMode fs.FileMode
	// ignore is what the .gitignore in it has. Without one, git knows all of it.
	ignore string
}

// What kindling writes into a .gitignore: for a set with secrets in its documents, and for one with secret parts.
const (
	ignoreAll   = "*\n"
	ignoreParts = "/secret/\n"
)

// documents are for the machines.
var documents = layout{
	file: func(name string) bool {
		return matches(name, "README.md", "index.json", ignoreName,
			"nodes/*/user-data", "nodes/*/user-data.gz", "nodes/*/user-data.b64", "nodes/*/meta-data", "nodes/*/vendor-data", "nodes/*/network-config",
			"nodes/*/config.ign", "nodes/*/config.bu",
			"nodes/*/install/config.ign", "nodes/*/install/user-data", "nodes/*/install/meta-data", "nodes/*/install/vendor-data",
			"ipxe/*.ipxe", "secret/*")
	},
	dir: func(name string) bool {
		return matches(name, ".", "nodes", "nodes/*", "nodes/*/install", "ipxe", "secret")
	},
	made: isSet,
	// A node's directory, or a single file.
	unit: func(file string) string {
		if below, ok := strings.CutPrefix(file, "nodes/"); ok {
			name, _, _ := strings.Cut(below, "/")
			return "nodes/" + name
		}
		return file
	},
	fileMode: 0o600, dirMode: 0o700, ignore: ignoreAll,
}

// redacted is for people.
var redacted = layout{
	file: func(name string) bool {
		first, _, below := strings.Cut(name, "/")
		return below && isRedactedDir(first) || matches(name, "README.md", "SHA256SUMS")
	},
	dir: func(name string) bool {
		first, _, _ := strings.Cut(name, "/")
		return name == "." || isRedactedDir(first)
	},
	made:     func(root *os.Root) bool { return bytes.Contains(read(root, "README.md"), []byte(RedactedMark)) },
	unit:     func(file string) string { return file },
	fileMode: 0o644, dirMode: 0o755,
}

// matchbox is for the server of that name.
var matchbox = layout{
	file:     func(name string) bool { return matches(name, "README.md", "groups/*.json", "profiles/*.json") },
	dir:      func(name string) bool { return matches(name, ".", "groups", "profiles") },
	made:     func(root *os.Root) bool { return bytes.Contains(read(root, "README.md"), []byte(MatchboxMark)) },
	unit:     func(file string) string { return file },
	fileMode: 0o644, dirMode: 0o755,
}

// MatchboxMark is in the README.md of a directory of matchbox's.
const MatchboxMark = "Made by `kindling generate --matchbox`"

// RedactedMark is in the README.md of a redacted set.
const RedactedMark = "Made by `kindling generate --redact`"

func isRedactedDir(name string) bool {
	return slices.Contains([]string{"nodes", "scripts", "ipxe"}, name)
}

func matches(name string, patterns ...string) bool {
	return slices.ContainsFunc(patterns, func(pattern string) bool {
		matched, _ := path.Match(pattern, name) // the patterns are well-formed
		return matched
	})
}

// cutStage splits off the directory inside the root in which earlier releases of kindling wrote a new set.
func cutStage(name string) (stage, rest string) {
	first, rest, _ := strings.Cut(name, "/")
	if matched, _ := path.Match(".kindling-[0-9]*", first); matched {
		return first, rest
	}
	return "", name
}
