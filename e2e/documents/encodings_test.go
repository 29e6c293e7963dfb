package documents

import (
	"maps"
	"path"
	"slices"
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

// TestUserDataInEveryEncoding checks that cloud-init gets the same files and the same configuration from a node's user-data in every
// encoding.
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
		for _, name := range slices.Sorted(maps.Keys(written)) {
			t.Run(name, func(t *testing.T) {
				checkOwnersAndModes(t, written[name])
				text := path.Join("nocloud", kindling.Text, path.Base(name))
				if diff := cmp.Diff(written[text], written[name]); diff != "" {
					t.Errorf("cloud-init wrote different trees for %s (-) and this (+):\n%s", text, diff)
				}
			})
		}
	})
}

// checkMerged checks that Ignition writes the same when its config merges most of itself from gzip.
func checkMerged(t *testing.T, m machine) {
	merged := firstboot.Ignition(t, m.documents.Document(t, m.node, kindling.Ignition, kindling.Gzip))
	diff := cmp.Diff(m.boot.Tree.Without(firstboot.IgnitionOwn...), merged.Tree.Without(firstboot.IgnitionOwn...))
	if diff != "" {
		t.Errorf("Ignition wrote different trees for text (-) and gzip (+):\n%s", diff)
	}
}
