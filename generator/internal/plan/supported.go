package plan

import (
	"fmt"
	"slices"
	"strings"

	"kindling/generator/internal/kubeadm"
	"kindling/generator/internal/plan/install"
	"kindling/generator/spec"
)

// UnsupportedError names what a valid spec asks for and this kindling cannot generate yet.
type UnsupportedError struct {
	// Features are fields with their values, such as "etcd.topology: external".
	Features []string
}

func (e *UnsupportedError) Error() string {
	return "this kindling cannot generate yet: " + strings.Join(e.Features, "; ")
}

// Supported says what this kindling cannot generate yet: nil, or an [UnsupportedError] with all of it.
func Supported(c *spec.Cluster) error {
	var features []string
	if c.PKI.CAKeys != "control-plane" {
		features = append(features, fmt.Sprintf("pki.caKeys: %s (control-plane it can)", c.PKI.CAKeys))
	}
	if err := kubeadm.Supported(c.Version()); err != nil {
		features = append(features, "kubernetesVersion: "+err.Error())
	}
	for _, n := range c.Nodes {
		method, known := n.InstallMethod(), install.For(n)
		if feature := fmt.Sprintf("install.method: %s on %s (%s it can)", method, n.System().Name, strings.Join(known, ", ")); !slices.Contains(known, method) && !slices.Contains(features, feature) {
			features = append(features, feature)
		}
	}
	if features == nil {
		return nil
	}
	return &UnsupportedError{features}
}
