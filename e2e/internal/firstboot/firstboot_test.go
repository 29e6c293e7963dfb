package firstboot_test

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"maps"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kindling/e2e/internal/firstboot"
	"kindling/e2e/internal/tree"
)

// The documents in testdata say the same in both formats.
var want = tree.Tree{
	"/etc/kindling":                        {Type: "directory", Mode: "0755"},
	"/etc/kindling/node.env":               {Type: "file", Mode: "0644", Content: "NODE=cp0\n"},
	"/etc/kindling/run.sh":                 {Type: "file", Mode: "0755", Content: "#!/bin/bash\necho hi\n"},
	"/etc/kubernetes":                      {Type: "directory", Mode: "0755"},
	"/etc/kubernetes/pki":                  {Type: "directory", Mode: "0755"},
	"/etc/kubernetes/pki/ca.key":           {Type: "file", Mode: "0600", Content: "secret"},
	"/etc/systemd/system/kindling.service": {Type: "file", Mode: "0644", Content: unit},
}

const unit = `[Unit]
Description=A unit

[Service]
Type=oneshot
ExecStart=/bin/true

[Install]
WantedBy=multi-user.target
`

func TestCloudInit(t *testing.T) {
	userData := read(t, "testdata/user-data")
	run := firstboot.CloudInit(t, firstboot.Seed{"user-data": userData, "meta-data": []byte("instance-id: i\n")})
	got := run.Tree.Without(append(firstboot.CloudInitOwn, "/etc/hostname", "/etc/systemd/system/multi-user.target.wants")...)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("cloud-init wrote other files (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"enable --now --no-block kindling.service"}, run.Systemctl); diff != "" {
		t.Errorf("other calls of systemctl (-want +got):\n%s", diff)
	}
	if len(run.Problems) > 0 {
		t.Error(strings.Join(run.Problems, "\n"))
	}
}

func TestCloudInitNamesWhatDoesNotFitItsSchema(t *testing.T) {
	userData := append(read(t, "testdata/user-data"), "package_upgrade: maybe\n"...)
	run := firstboot.CloudInit(t, firstboot.Seed{"user-data": userData, "meta-data": []byte("instance-id: i\n")})
	if got := strings.Join(run.Problems, "\n"); !strings.Contains(got, "package_upgrade: 'maybe' is not of type 'boolean'") {
		t.Errorf("its problems: %s", got)
	}
}

func TestReadUserData(t *testing.T) {
	text := read(t, "testdata/user-data")
	encoded := []byte(base64.StdEncoding.EncodeToString(gzipped(t, text)))
	userData := map[string][]byte{
		"nocloud/text":   text,
		"nocloud/gzip":   gzipped(t, text),
		"hetzner/text":   text,
		"hetzner/base64": encoded,
		"gce/base64":     encoded,
		"vmware/base64":  encoded,
	}
	all := tree.Tree{
		"/etc":                {Type: "directory", Mode: "0755"},
		"/etc/systemd":        {Type: "directory", Mode: "0755"},
		"/etc/systemd/system": {Type: "directory", Mode: "0755"},
		"/rest.json":          {Type: "file", Mode: "0644", Content: `{"runcmd": [["systemctl", "enable", "--now", "--no-block", "kindling.service"]]}`},
	}
	maps.Copy(all, want)
	for name, got := range firstboot.ReadUserData(t, userData) {
		if diff := cmp.Diff(all, got); diff != "" {
			t.Errorf("%s: cloud-init wrote other files (-want +got):\n%s", name, diff)
		}
	}
}

func TestIgnition(t *testing.T) {
	run := firstboot.Ignition(t, read(t, "testdata/config.ign"))
	got := run.Tree.Without(firstboot.IgnitionOwn...)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("Ignition wrote other files (-want +got):\n%s", diff)
	}
}

func read(t *testing.T, name string) []byte {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func gzipped(t *testing.T, text []byte) []byte {
	t.Helper()
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	if _, err := w.Write(text); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return packed.Bytes()
}
