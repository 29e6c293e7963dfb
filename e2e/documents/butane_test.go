package documents

import (
	"bytes"
	"os/exec"
	"testing"

	"kindling/e2e/internal/build"
	"kindling/e2e/internal/document"
	"kindling/e2e/internal/kindling"
)

// checkButane checks that the command butane translates the node's Butane config into the node's Ignition config, byte for
// byte, and that the Ignition config in gzip carries the same.
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
	for _, encoding := range []string{kindling.Text, kindling.Gzip} {
		got, err := document.Decode(m.documents.Document(t, m.node, kindling.Ignition, encoding))
		if err != nil {
			t.Error(err)
		} else if !bytes.Equal(config, got) {
			t.Errorf("%s: butane makes another config", encoding)
		}
	}
}
