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
	"kindling/generator/internal/gzip"
	"kindling/generator/internal/node"
	"kindling/generator/internal/provider"
)

// Maker makes documents. It keeps what nodes share, and is for one goroutine.
type Maker struct{ readable, plain *cloudinit.Renderer }

// NewMaker returns a Maker.
func NewMaker() *Maker { return &Maker{cloudinit.Readable(), cloudinit.Plain()} }

// Make returns the node's document in a format and an encoding. A Butane config is text, and an Ignition config text or gzip.
func (m *Maker) Make(n node.Node, format distro.Format, encoding provider.Encoding) ([]byte, error) {
	if lost := n.SnippetsFor(n.OS.Format); len(lost) > 0 && len(n.SnippetsFor(format)) == 0 {
		return nil, fmt.Errorf("%s would be left out: the format %s has no snippets of its own for %s", lost[0].Name, format, n.Name)
	}
	if format == distro.CloudInit {
		return m.userData(n, encoding)
	}
	config, err := butane.Render(n)
	if err != nil || format == distro.Butane {
		return config, err
	}
	return ignitionConfig(n, config, encoding)
}

// squeezedFrom is the size in bytes from which a compressed document is worth the time of a better compression: providers take 16,384 and
// more, and few machines have such documents.
const squeezedFrom = 12 << 10

func (m *Maker) userData(n node.Node, encoding provider.Encoding) ([]byte, error) {
	if encoding == provider.Text {
		return m.readable.UserData(n)
	}
	plain, err := m.plain.UserData(n)
	if err != nil {
		return nil, err
	}
	packed := gzip.Pack(plain)
	if len(packed) > squeezedFrom {
		packed = gzip.Squeeze(plain)
	}
	if encoding == provider.Base64 {
		return base64.StdEncoding.AppendEncode(nil, packed), nil
	}
	return packed, nil
}

// ignitionConfig makes the node's Ignition config; text is made of the Butane config that people review.
func ignitionConfig(n node.Node, config []byte, encoding provider.Encoding) ([]byte, error) {
	switch encoding {
	case provider.Text:
		return ignition.Translate(config)
	case provider.Gzip:
		return packedIgnition(n)
	}
	return nil, fmt.Errorf("Ignition does not decode %s; use text or gzip", encoding)
}

// packedIgnition carries packed files as they are and merges the rest, a config of its own, in gzip. Everything in one would be
// larger: base64 of gzip does not compress again.
func packedIgnition(n node.Node) ([]byte, error) {
	packed, rest := node.Node{OS: n.OS}, n
	rest.Files = nil
	for _, f := range n.Files {
		if f.Gzip != nil {
			packed.Files = append(packed.Files, f)
		} else {
			rest.Files = append(rest.Files, f)
		}
	}
	source, err := butane.RenderMerged(rest)
	if err != nil {
		return nil, err
	}
	merged, err := ignition.Translate(source)
	if err != nil {
		return nil, err
	}
	source, err = butane.RenderMerge(packed, merged)
	if err != nil {
		return nil, err
	}
	return ignition.Translate(source)
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
