package kubernetes

import (
	"slices"
	"strings"
)

// Releases are the first ones with a change: of each minor that it was ported back to, oldest first, and in the end of the
// minor from which on all have it.
type Releases []Version

// Include reports whether v has the change.
func (r Releases) Include(v Version) bool {
	if v.Minor > r[len(r)-1].Minor {
		return true
	}
	return slices.ContainsFunc(r, func(first Version) bool { return v.Minor == first.Minor && v.Patch >= first.Patch })
}

// String lists the releases, such as "v1.28.15, v1.30". A minor that has the change as a whole is named without a patch.
func (r Releases) String() string {
	names := make([]string, len(r))
	for i, first := range r {
		if names[i] = first.String(); first.Patch == 0 {
			names[i] = "v" + first.Minor.String()
		}
	}
	return strings.Join(names, ", ")
}
