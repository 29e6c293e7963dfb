// Package part has the unit that a machine's plan is built from. A [Part] has everything that one concern needs on a machine: its
// boot steps, their shell, the programs and values that these use, files and units. Package plan has a function for each concern
// and, in its recipe.go, the list of them for each role.
package part

import (
	"time"

	"kindling/generator/internal/node"
	"kindling/templates/step"
)

// Directories on the machine.
const (
	// Etc has what kindling itself reads.
	Etc = "/etc/kindling"
	// PKI is kubeadm's certificatesDir.
	PKI = "/etc/kubernetes/pki"
)

// Part is one concern of one machine. The zero Part is nothing.
type Part struct {
	// Steps of the boot: those of earlier parts come first.
	Steps []step.Step
	// Shell are files of package templates.
	Shell []string
	// Programs that Shell calls and that an image may lack.
	Programs []string
	// Env are values for Shell, by name, in /etc/kindling/node.env.
	Env map[string]string
	// Derived are values in Env that follow from the cluster's keys: in another cluster they are others.
	Derived []string
	// Files in any order.
	Files []node.File
	// Units in any order.
	Units []node.Unit
	// Expires is when the document's first certificate does; zero for a part that does not know.
	Expires time.Time
	// Err says why the part cannot be made.
	Err error
}
