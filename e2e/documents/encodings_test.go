package documents

import (
	"path"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kindling/e2e/internal/firstboot"
	"kindling/e2e/internal/kindling"
)

// dataSources are cloud-init's data sources that read each encoding.
var dataSources = map[string][]string{
	kindling.Text:   {"nocloud", "hetzner"},
	kindling.Gzip:   {"nocloud"},
	kindling.Base64: {"hetzner", "gce", "vmware"},
}

// TestUserDataInEveryEncoding checks that cloud-init writes the same files, and does the same otherwise, whatever the encoding of a
// node's user-data.
func TestUserDataInEveryEncoding(t *testing.T) {
	eachCluster(t, func(t *testing.T, documents kindling.Documents) {
		userData := map[string][]byte{}
		for _, node := range documents.Nodes(t) {
			for encoding, sources := range dataSources {
				document := documents.Document(t, node, kindling.CloudInit, encoding)
				for _, source := range sources {
					userData[path.Join(source, encoding, node)] = document
				}
			}
		}
		written := firstboot.ReadUserData(t, userData)
		for name, got := range written {
			text := written[path.Join("nocloud", kindling.Text, path.Base(name))]
			checkOwnersAndModes(t, got)
			if diff := cmp.Diff(text, got); diff != "" {
				t.Errorf("%s: other files than of text (-), in (+):\n%s", name, diff)
			}
		}
	})
}

// checkReplaced checks that Ignition does the same with the config that carries the whole config in gzip.
func checkReplaced(t *testing.T, m machine) {
	replaced := firstboot.Ignition(t, m.documents.Document(t, m.node, kindling.Ignition, kindling.Gzip))
	diff := cmp.Diff(m.boot.Tree.Without(firstboot.IgnitionOwn...), replaced.Tree.Without(firstboot.IgnitionOwn...))
	if diff != "" {
		t.Errorf("Ignition wrote different trees of text (-) and gzip (+):\n%s", diff)
	}
}
