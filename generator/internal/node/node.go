// Package node is what one machine gets, in no particular format: package plan decides on it, package document makes bytes of it,
// and whoever redacts or verifies documents reads the same values. A [File] knows whether it is secret.
package node

import (
	"cmp"
	"slices"
	"time"

	"kindling/generator/internal/distro"
	"kindling/generator/internal/snippet"
	"kindling/templates/step"
)

// Node is one machine's part: what its document must bring about.
type Node struct {
	Name, Role string
	// Any machines may boot with the document, each with a name of its own.
	Any bool
	OS  distro.OS
	// Network is the static network configuration; nil where the network itself configures the machine.
	Network *distro.Network
	// NetworkConfig is the user's own network-config for cloud-init, in the place of Network.
	NetworkConfig []byte
	// Files of the document, by their paths.
	Files []File
	// Apart are the files that the document leaves to Part, an archive that the machine fetches. Without secret parts there are none.
	Apart []File
	Part  []byte
	// Units by their names.
	Units []Unit
	// Expires is when the first of its certificates does.
	Expires time.Time
	// SSHAuthorizedKeys of the operating system's default user.
	SSHAuthorizedKeys []string
	// Snippets of the user's, in cloud-config and Butane, each for documents of its format.
	Snippets []snippet.Snippet
	// Steps of the boot, in order.
	Steps []step.Step
}

// All are the files that the machine gets in the end, by their paths.
func (n Node) All() []File {
	all := slices.Concat(n.Files, n.Apart)
	slices.SortStableFunc(all, func(a, b File) int { return cmp.Compare(a.Path, b.Path) })
	return all
}

// SnippetsFor are those for documents of a format. Ignition's are Butane.
func (n Node) SnippetsFor(format distro.Format) []snippet.Snippet {
	var list []snippet.Snippet
	for _, s := range n.Snippets {
		if (s.Variant == "") == (format == distro.CloudInit) {
			list = append(list, s)
		}
	}
	return list
}

// Unit is a systemd unit.
type Unit struct {
	Name string
	// Enabled units start at boot; a masked one never does.
	Enabled, Masked bool
	// Content of the unit's file; empty for a masked unit, and for one that the image brings.
	Content string
	// DropIn is the content of [DropInName] in the unit's drop-in directory; empty for none.
	DropIn string
}

// DropInName is the file name of a unit's drop-in.
const DropInName = "20-kindling.conf"

// File is the path and the content of the unit's file or drop-in; the content is empty where the image's own unit is all there is.
func (u Unit) File() (path, content string) {
	path = "/etc/systemd/system/" + u.Name
	if u.DropIn != "" {
		return path + ".d/" + DropInName, u.DropIn
	}
	return path, u.Content
}
