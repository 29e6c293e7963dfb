// Package provider knows the places that hand a document to a machine: clouds, hypervisors and bare metal. Each is one value: how
// large a document may be, what is counted, and in which encoding it arrives at cloud-init.
package provider

import (
	"encoding/base64"
	"slices"
)

// Encoding is how a document travels. The contents are the same.
type Encoding string

// The encodings.
const (
	// Text is the document as people read it.
	Text Encoding = "text"
	// Gzip is cloud-init's user-data in gzip (RFC 1952), or an Ignition config that carries its files in gzip.
	Gzip Encoding = "gzip"
	// Base64 is the gzip form of cloud-init's user-data in base64, for providers that take nothing but text.
	Base64 Encoding = "base64"
)

// Encodings lists them.
func Encodings() []Encoding { return []Encoding{Text, Gzip, Base64} }

// Provider is one of these places.
type Provider struct {
	// Name in cluster.yaml; empty where cluster.yaml names none.
	Name string
	// Title is what people call it.
	Title string
	// Limit is the largest document in bytes; zero is none.
	Limit int
	// CountsBase64 says that the limit is on the document in base64, four bytes for three.
	CountsBase64 bool
	// CloudInit is the smallest encoding of user-data that arrives and that cloud-init decodes.
	CloudInit Encoding
	// Layer3 says that the provider's network gives an address to one machine and delivers by address alone: it may answer ARP
	// itself, for every address.
	Layer3 bool
	// Note says what has to be set with a document in this encoding.
	Note string
}

// All providers, those with the smallest limit first. Sources: the providers' own documentation; cloud-init's data sources
// (cloudinit/sources), of which GCE and Hetzner decode base64; Ignition's docs/supported-platforms.md.
var all = []Provider{
	{Name: "aws", Layer3: true, Title: "EC2", Limit: 16_384, CloudInit: Gzip},
	{Name: "oracle", Layer3: true, Title: "Oracle Cloud", Limit: 32_000, CountsBase64: true, CloudInit: Gzip},
	{Name: "hetzner", Layer3: true, Title: "Hetzner Cloud", Limit: 32_768, CloudInit: Base64},
	{Name: "openstack", Title: "OpenStack", Limit: 65_535, CountsBase64: true, CloudInit: Gzip},
	{Name: "azure", Layer3: true, Title: "Azure", Limit: 65_535, CloudInit: Gzip},
	{Name: "digitalocean", Title: "DigitalOcean", Limit: 65_536, CloudInit: Text},
	{Name: "vsphere", Title: "vSphere", Limit: 65_536, CloudInit: Base64, Note: "set guestinfo.userdata.encoding to gzip+base64"},
	{Name: "gcp", Layer3: true, Title: "Google Compute Engine", Limit: 262_144, CloudInit: Base64, Note: "set the metadata key user-data-encoding to base64"},
	{Name: "proxmox", Title: "Proxmox VE", CloudInit: Text},
	{Name: "libvirt", Title: "libvirt", CloudInit: Text},
	{Name: "metal", Title: "bare metal", CloudInit: Text},
}

// Names are the providers' names as cluster.yaml writes them, sorted.
func Names() []string {
	names := make([]string, len(all))
	for i, p := range all {
		names[i] = p.Name
	}
	slices.Sort(names)
	return names
}

// Limited are the providers with a limit, the smallest first.
func Limited() []Provider {
	return slices.DeleteFunc(slices.Clone(all), func(p Provider) bool { return p.Limit == 0 })
}

// Largest is the provider that takes the largest documents, of those with a limit.
func Largest() Provider {
	return slices.MaxFunc(Limited(), func(a, b Provider) int { return a.Raw() - b.Raw() })
}

// Lookup finds a provider by its name in cluster.yaml. No name is no provider: no limit, and documents as text.
func Lookup(name string) (Provider, bool) {
	i := slices.IndexFunc(all, func(p Provider) bool { return p.Name == name })
	if i < 0 {
		return Provider{CloudInit: Text}, name == ""
	}
	return all[i], true
}

// Counts is the number of bytes that the provider counts of a document.
func (p Provider) Counts(document []byte) int {
	if p.CountsBase64 {
		return base64.StdEncoding.EncodedLen(len(document))
	}
	return len(document)
}

// Takes reports whether the provider takes a document of this size.
func (p Provider) Takes(document []byte) bool { return p.Limit == 0 || p.Counts(document) <= p.Limit }

// Raw is the limit in bytes of the document itself.
func (p Provider) Raw() int {
	if p.CountsBase64 {
		return base64.StdEncoding.DecodedLen(p.Limit / 4 * 4)
	}
	return p.Limit
}
