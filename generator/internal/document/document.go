// Package document is the only road from a node to bytes: cloud-init user-data, a Butane config, or the Ignition config that
// follows from it, in the encoding in which the provider takes it. The packages below have one format each.
package document

import (
	"encoding/base64"
	"fmt"

	"kindling/generator/internal/distro"
	"kindling/generator/internal/document/butane"
	"kindling/generator/internal/document/cloudinit"
	"kindling/generator/internal/document/ignition"
	"kindling/generator/internal/node"
	"kindling/generator/internal/provider"
)

// Maker makes documents. It keeps what nodes share, and is for one goroutine.
type Maker struct{ readable, plain *cloudinit.Renderer }

// NewMaker returns a Maker.
func NewMaker() *Maker { return &Maker{cloudinit.Readable(), cloudinit.Plain()} }

// Make returns the node's document in a format and an encoding. A Butane config is text, and an Ignition config text or gzip.
func (m *Maker) Make(n node.Node, format distro.Format, encoding provider.Encoding) ([]byte, error) {
	if format == distro.CloudInit {
		return m.userData(n, encoding)
	}
	config, err := butane.Render(n)
	if err != nil || format == distro.Butane {
		return config, err
	}
	return ignitionConfig(config, encoding)
}

func (m *Maker) userData(n node.Node, encoding provider.Encoding) ([]byte, error) {
	if encoding == provider.Text {
		return m.readable.UserData(n)
	}
	plain, err := m.plain.UserData(n)
	if err != nil {
		return nil, err
	}
	packed := node.Gzip(plain)
	if encoding == provider.Base64 {
		return base64.StdEncoding.AppendEncode(nil, packed), nil
	}
	return packed, nil
}

func ignitionConfig(source []byte, encoding provider.Encoding) ([]byte, error) {
	whole, err := ignition.Translate(source)
	switch {
	case err != nil || encoding == provider.Text:
		return whole, err
	case encoding == provider.Gzip:
		return ignition.Packed(whole)
	}
	return nil, fmt.Errorf("Ignition does not decode %s; use text or gzip", encoding)
}

// EncodingFor is the encoding in which a provider gets a document of this format: the smallest that arrives. Without a limit it is
// text.
func EncodingFor(p provider.Provider, format distro.Format) provider.Encoding {
	switch {
	case p.Limit == 0 || format == distro.Butane:
		return provider.Text
	case format == distro.Ignition:
		return provider.Gzip
	}
	return p.CloudInit
}
