package spec

import (
	"kindling/generator/internal/distro"
	"kindling/generator/internal/provider"
)

// OSName is the name of an operating system.
type OSName string

// Values lists the operating systems that there are documents for.
func (OSName) Values() []string { return distro.Names() }

// ProviderName is the name of a provider of machines.
type ProviderName string

// Values lists the providers whose limits are known.
func (ProviderName) Values() []string { return provider.Names() }
