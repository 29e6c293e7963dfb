// Package document is the only road from a node to bytes: cloud-init user-data, a Butane config, or the Ignition config that
// follows from it. The packages below have one format each.
package document

import (
	"kindling/generator/internal/distro"
	"kindling/generator/internal/document/butane"
	"kindling/generator/internal/document/cloudinit"
	"kindling/generator/internal/document/ignition"
	"kindling/generator/internal/node"
)

// Maker makes documents. It keeps what nodes share, and is for one goroutine.
type Maker struct{ cloudInit *cloudinit.Renderer }

// NewMaker returns a Maker.
func NewMaker() *Maker { return &Maker{cloudinit.New()} }

// Make returns the node's document in a format.
func (m *Maker) Make(n node.Node, format distro.Format) ([]byte, error) {
	if format == distro.CloudInit {
		return m.cloudInit.UserData(n)
	}
	config, err := butane.Render(n)
	if err != nil || format == distro.Butane {
		return config, err
	}
	return ignition.Translate(config)
}
