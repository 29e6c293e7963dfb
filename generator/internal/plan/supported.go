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
	unless := func(ok bool, format string, args ...any) {
		if feature := fmt.Sprintf(format, args...); !ok && !slices.Contains(features, feature) {
			features = append(features, feature)
		}
	}
	unless(c.PKI.CAKeys == "control-plane", "pki.caKeys: %s (control-plane it can)", c.PKI.CAKeys)
	if err := kubeadm.Supported(c.Version()); err != nil {
		features = append(features, "kubernetesVersion: "+err.Error())
	}
	for _, n := range c.Nodes {
		unless(slices.Contains(install.Known(), n.InstallMethod()), "install.method: %s (%s it can)", n.InstallMethod(), strings.Join(install.Known(), ", "))
	}
	if features == nil {
		return nil
	}
	return &UnsupportedError{features}
}
