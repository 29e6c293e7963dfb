package plan

import (
	"fmt"

	"kindling/generator/internal/kubeadm"
	"kindling/generator/spec"
)

// Supported says whether this kindling can make documents for a valid cluster. It cannot for old releases yet.
func Supported(c *spec.Cluster) error {
	if err := kubeadm.Supported(c.Version()); err != nil {
		return fmt.Errorf("this kindling cannot generate yet: kubernetesVersion: %w", err)
	}
	return nil
}
