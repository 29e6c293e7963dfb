package document

import (
	"kindling/generator/internal/distro"
	"kindling/generator/internal/document/butane"
	"kindling/generator/internal/document/cloudinit"
	"kindling/generator/internal/document/ignition"
	"kindling/generator/internal/node"
)

// File is one of the files that a node's machine, or its reviewer, gets.
type File struct {
	Name string
	Data []byte
	// Secret files hold what must not be read by others: a document has the node's keys.
	Secret bool
	// Counted is the one whose size a provider limits.
	Counted bool
}

// Files returns the node's files in the format of its operating system: user-data with the other files of cloud-init's NoCloud data
// source, or config.ign with the Butane config that it is made from.
func (m *Maker) Files(cluster string, n node.Node) ([]File, error) {
	if n.OS.Format == distro.CloudInit {
		return m.cloudInitFiles(cluster, n)
	}
	source, err := butane.Render(n)
	if err != nil {
		return nil, err
	}
	config, err := ignition.Translate(source)
	return []File{{Name: "config.bu", Data: source, Secret: true}, {Name: "config.ign", Data: config, Secret: true, Counted: true}}, err
}

func (m *Maker) cloudInitFiles(cluster string, n node.Node) ([]File, error) {
	userData, err := m.cloudInit.UserData(n)
	files := []File{{Name: "user-data", Data: userData, Secret: true, Counted: true}}
	if err != nil || n.Any { // meta-data would give all machines of a pool the same name
		return files, err
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
