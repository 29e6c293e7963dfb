package documents

import (
	"bytes"
	"os/exec"
	"testing"

	"kindling/e2e/internal/build"
	"kindling/e2e/internal/kindling"
)

// What the command butane makes of a node's Butane config is, byte for byte, the node's Ignition config.
func TestButaneMakesTheSameIgnition(t *testing.T) {
	butane, err := build.Butane(build.ButaneVersion).Path()
	if err != nil {
		t.Fatal(err)
	}
	eachNode(t, func(t *testing.T, documents kindling.Documents, node string) {
		translate := exec.Command(butane, "--strict")
		translate.Stdin = bytes.NewReader(documents.Document(t, node, kindling.Butane))
		config, err := translate.Output()
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(config, documents.Document(t, node, kindling.Ignition)) {
			t.Error("butane makes another config")
		}
	})
}
