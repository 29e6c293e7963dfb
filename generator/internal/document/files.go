package document

import (
	"kindling/generator/internal/distro"
	"kindling/generator/internal/document/butane"
	"kindling/generator/internal/document/cloudinit"
	"kindling/generator/internal/node"
	"kindling/generator/internal/provider"
)

// File is one of the files that a node's machine, or its reviewer, gets.
type File struct {
	Name string
	Data []byte
	// Document files are the node's document in one of its forms. It holds the node's keys, unless these are in a secret part.
	Document bool
	// Counted is the one that the provider gets, and whose size it limits.
	Counted bool
}

// Files returns the node's files in the format of its operating system: user-data with the other files of cloud-init's NoCloud data
// source, or config.ign with the Butane config that it is made from. What people read is always there; where the provider takes
// another encoding of user-data, that is beside it.
func (m *Maker) Files(cluster string, n node.Node, p provider.Provider) ([]File, error) {
	if n.OS.Format == distro.CloudInit {
		return m.cloudInitFiles(cluster, n, p)
	}
	source, err := butane.Render(n)
	if err != nil {
		return nil, err
	}
	config, err := ignitionConfig(n, source, EncodingFor(p, distro.Ignition))
	return []File{{Name: "config.bu", Data: source, Document: true}, {Name: "config.ign", Data: config, Document: true, Counted: true}}, err
}

// userDataNames are the files of the encodings.
var userDataNames = map[provider.Encoding]string{provider.Text: "user-data", provider.Gzip: "user-data.gz", provider.Base64: "user-data.b64"}

func (m *Maker) cloudInitFiles(cluster string, n node.Node, p provider.Provider) ([]File, error) {
	var files []File
	encodings := []provider.Encoding{provider.Text}
	if taken := EncodingFor(p, distro.CloudInit); taken != provider.Text {
		encodings = append(encodings, taken)
	}
	for i, encoding := range encodings {
		userData, err := m.userData(n, encoding)
		if err != nil {
			return nil, err
		}
		files = append(files, File{Name: userDataNames[encoding], Data: userData, Document: true, Counted: i == len(encodings)-1})
	}
	if n.Any { // meta-data would give all machines of a pool the same name
		return files, nil
	}
	metaData, err := cloudinit.MetaData(cluster, n)
	if err != nil {
		return nil, err
	}
	files = append(files, File{Name: "meta-data", Data: metaData})
	network, err := cloudinit.NetworkConfig(n)
	if network != nil {
		files = append(files, File{Name: "network-config", Data: network})
	}
	return files, err
}
