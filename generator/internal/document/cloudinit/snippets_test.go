package cloudinit

import (
	"strings"
	"testing"

	"kindling/generator/internal/node"
	"kindling/generator/internal/snippet"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v4"
)

// TestOrder holds what runs when: the user's own commands before owners, and kindling's unit last.
func TestOrder(t *testing.T) {
	s, err := snippet.ReadCloudConfig("a.yaml", []byte("#cloud-config\nbootcmd: [one]\nruncmd: [two]\nwrite_files: [{path: /late, defer: true}]\n"))
	if err != nil {
		t.Fatal(err)
	}
	document, err := Readable().UserData(node.Node{
		Files:    []node.File{{Path: "/a", Mode: 0o644, Owner: "app:1500"}, {Path: "/b", Mode: 0o4755, Owner: "app"}, {Path: "/c", Mode: 0o644}},
		Units:    []node.Unit{{Name: "k.service", Enabled: true, Content: "[Unit]\n"}},
		Snippets: []snippet.Snippet{s, {Variant: "fcos", Version: "1.4.0"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		BootCmd    [][]string `yaml:"bootcmd"`
		RunCmd     [][]string `yaml:"runcmd"`
		WriteFiles []struct {
			Path  string
			Owner string
		} `yaml:"write_files"`
	}
	if err := yaml.Unmarshal(document, &got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([][]string{{"sh", "-c", forgetDeferred}, {"sh", "-c", forget}, {"sh", "-c", "one\n"}}, got.BootCmd); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([][]string{
		{"sh", "-c", "two\n"}, {"chown", "app:1500", "/a"}, {"chown", "app", "/b"}, {"chmod", "4755", "/b"}, {"sh", "-c", durable},
		{"systemctl", "enable", "--now", "--no-block", "k.service"},
	}, got.RunCmd); diff != "" {
		t.Error(diff)
	}
	var paths []string
	for _, f := range got.WriteFiles {
		paths = append(paths, f.Path+f.Owner)
	}
	if got := strings.Join(paths, " "); got != "/a /b /c /etc/systemd/system/k.service /late" {
		t.Error(got)
	}
}
