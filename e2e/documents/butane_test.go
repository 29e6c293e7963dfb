package documents

import (
	"bytes"
	"os/exec"
	"testing"

	"kindling/e2e/internal/build"
	"kindling/e2e/internal/kindling"
)

// checkButane checks that the command butane translates the node's Butane config into the node's Ignition config, byte for byte.
func checkButane(t *testing.T, m machine) {
	butane, err := build.Butane(build.ButaneVersion).Path()
	if err != nil {
		t.Fatal(err)
	}
	translate := exec.Command(butane, "--strict")
	translate.Stdin = bytes.NewReader(m.documents.Document(t, m.node, kindling.Butane, kindling.Text))
	config, err := translate.Output()
	if err != nil {
		t.Fatal(err)
	}
	if got := m.documents.Document(t, m.node, kindling.Ignition, kindling.Text); !bytes.Equal(config, got) {
		t.Error("butane makes another config")
	}
}
