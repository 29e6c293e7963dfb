package documents

import (
	"testing"

	"kindling/e2e/internal/firstboot"
	"kindling/e2e/internal/kindling"
)

// A machine is a node of a sample cluster, after Ignition has written what its document says.
type machine struct {
	documents kindling.Documents
	node      string
	// encoding is the one in which cloud-init gets its document.
	encoding string
	boot     firstboot.Run
}

// TestDocuments has the real programs read the documents of every node of every sample cluster. cloud-init does so only once for
// each node, since it takes nearly all of the time.
func TestDocuments(t *testing.T) {
	t.Cleanup(func() { checkLoadBalancersWereChecked(t) })
	eachNode(t, func(t *testing.T, documents kindling.Documents, node, encoding string) {
		m := machine{documents, node, encoding, firstboot.Ignition(t, documents.Document(t, node, kindling.Ignition, kindling.Text))}
		for _, check := range []struct {
			name string
			run  func(*testing.T, machine)
		}{
			{"butane makes the same Ignition config", checkButane},
			{"Ignition writes the same from gzip", checkMerged},
			{"cloud-init writes the same as Ignition", checkCloudInit},
			{"its secret part", func(t *testing.T, m machine) { m.boot.Unpack(t, documents.SecretPart(t, node)) }},
			{"kubeadm accepts its configs", checkKubeadmConfigs},
			{"kubeadm signs with its CAs", checkSigning},
			{"kubeadm needs no CA's key", checkIssued},
			{"HAProxy and keepalived accept their configs", checkLoadBalancer},
		} {
			t.Run(check.name, func(t *testing.T) { check.run(t, m) })
		}
	})
}
