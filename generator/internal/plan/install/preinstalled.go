package install

import (
	"kindling/generator/internal/plan/part"
	"kindling/generator/lock"
	"kindling/generator/spec"
)

// preinstalled is an image that has all programs: nothing is installed.
func preinstalled(*spec.Cluster, spec.Node, *lock.Lock) part.Part { return part.Part{} }
