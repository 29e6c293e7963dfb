package document

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The same files in both formats, in every encoding that kindling uses.
const (
	userData = `#cloud-config
write_files:
- path: /etc/kindling/run.sh
  permissions: "0755"
  encoding: gz+b64
  content: |-
    H4sIAAAAAAACA1NW1E/KzNNPSizO4EpNzshXyMjk
    AgCwlYsVFAAAAA==
- path: /etc/kindling/node.env
  encoding: b64
  content: Tk9ERT1jcDAK
- path: /etc/systemd/system/kindling.service
  content: "[Unit]\n"
- path: /etc/systemd/system/kubelet.service.d/20-kindling.conf
  content: "[Service]\n"
`
	config = `{"ignition":{"version":"3.3.0"},"storage":{"files":[
{"path":"/etc/kindling/run.sh","mode":493,"contents":{"compression":"gzip","source":"data:;base64,H4sIAAAAAAACA1NW1E/KzNNPSizO4EpNzshXyMjkAgCwlYsVFAAAAA=="}},
{"path":"/etc/kindling/node.env","contents":{"compression":"","source":"data:,NODE%3Dcp0%0A"}}]},
"systemd":{"units":[{"name":"kindling.service","contents":"[Unit]\n"},{"name":"masked.service","mask":true},
{"name":"kubelet.service","dropins":[{"name":"20-kindling.conf","contents":"[Service]\n"}]}]}}`
)

func TestFiles(t *testing.T) {
	want := []File{
		{"/etc/kindling/run.sh", 0o755, []byte("#!/bin/bash\necho hi\n")},
		{"/etc/kindling/node.env", 0o644, []byte("NODE=cp0\n")},
		{"/etc/systemd/system/kindling.service", 0o644, []byte("[Unit]\n")},
		{"/etc/systemd/system/kubelet.service.d/20-kindling.conf", 0o644, []byte("[Service]\n")},
	}
	packed := gzipped(t, userData)
	for name, document := range map[string]string{
		"cloud-init":           userData,
		"cloud-init in gzip":   packed,
		"cloud-init in base64": base64.StdEncoding.EncodeToString([]byte(packed)),
		"Ignition":             config,
		"Ignition in gzip":     carrying("gzip", gzipped(t, config)),
		"Ignition in Ignition": carrying("", config),
	} {
		t.Run(name, func(t *testing.T) {
			files, err := Files([]byte(document))
			if diff := cmp.Diff(want, files); err != nil || diff != "" {
				t.Errorf("%v: %s", err, diff)
			}
		})
	}
}

// carrying returns an Ignition config that merges another one.
func carrying(compression, config string) string {
	return fmt.Sprintf(`{"ignition":{"config":{"merge":[{"compression":%q,"source":"data:;base64,%s"}]},"version":"3.3.0"}}`,
		compression, base64.StdEncoding.EncodeToString([]byte(config)))
}

func gzipped(t *testing.T, text string) string {
	t.Helper()
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	if _, err := w.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return packed.String()
}

func TestScriptsAreTheSameInBothFormats(t *testing.T) {
	one, two, parsed := Scripts{}, Scripts{}, Scripts{}
	if err := one.Add([]byte(userData)); err != nil || len(one) != 3 {
		t.Errorf("%v %v", one, err)
	}
	if err := two.Add([]byte(config)); err != nil {
		t.Error(err)
	}
	parsed.Parse(two.String())
	if diff := cmp.Diff(one, parsed); diff != "" || one.Key() != parsed.Key() {
		t.Error(diff)
	}
}

func TestNotADocument(t *testing.T) {
	for _, document := range []string{
		"write_files: 1",
		"write_files: [{path: /a, encoding: gzip, content: a}]",
		"write_files: [{path: /a, encoding: b64, content: '!'}]",
		"write_files: [{path: /a, encoding: gz+b64, content: aGk=}]",
		"write_files: [{path: /a, permissions: rw}]",
		"{",
		`{"storage":{"files":[{"path":"/a","contents":{"source":"https://example.com"}}]}}`,
		`{"storage":{"files":[{"path":"/a","contents":{"source":"data:,a","compression":"gzip"}}]}}`,
		`{"ignition":{"config":{"merge":[{"source":"https://example.com"}]}}}`,
		carrying("gzip", config),
	} {
		if files, err := Files([]byte(document)); err == nil {
			t.Errorf("%s: %v", document, files)
		}
	}
}
