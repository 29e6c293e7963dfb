// Package kubernetes knows the releases of Kubernetes: which ones there are, and what changed with which.
//
// A change is a number and a predicate: SinceV1beta4 and [Version.HasV1beta4]. Messages print the number, so that what they
// say and what is decided cannot differ:
//
//	fmt.Errorf("before Kubernetes %s kubeadm takes it once", kubernetes.SinceV1beta4)
package kubernetes

import (
	"fmt"
	"regexp"
	"strconv"
)

// The minors that a cluster.yaml may name.
const (
	OldestMinor Minor = 11
	NewestMinor Minor = 37
)

// Minor is a minor release of Kubernetes 1.
type Minor int

// String is the release as people write it, such as 1.37.
func (m Minor) String() string { return "1." + strconv.Itoa(int(m)) }

// Version is a release of Kubernetes 1.
type Version struct {
	Minor Minor
	Patch int
}

// String is the version as cluster.yaml writes it, such as v1.37.2.
func (v Version) String() string { return fmt.Sprintf("v%s.%d", v.Minor, v.Patch) }

var versionForm = regexp.MustCompile(`^v1\.(0|[1-9][0-9]{0,3})\.(0|[1-9][0-9]{0,3})$`)

// ParseVersion reads an exact release such as v1.37.2. A minor outside OldestMinor … NewestMinor is an error, not a guess.
func ParseVersion(s string) (Version, error) {
	m := versionForm.FindStringSubmatch(s)
	if m == nil {
		return Version{}, fmt.Errorf("%q is not an exact Kubernetes version such as v%s.2", s, NewestMinor)
	}
	minor, _ := strconv.Atoi(m[1]) // at most four digits
	patch, _ := strconv.Atoi(m[2])
	v := Version{Minor(minor), patch}
	if v.Minor < OldestMinor || v.Minor > NewestMinor {
		return Version{}, fmt.Errorf("unknown Kubernetes version %s: this kindling knows v%s to v%s", v, OldestMinor, NewestMinor)
	}
	return v, nil
}
