package plan

import (
	"fmt"
	"strings"

	"kindling/generator/internal/kubeadm"
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
	if features == nil {
		return nil
	}
	return &UnsupportedError{features}
}
