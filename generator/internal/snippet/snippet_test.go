package snippet

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v4"
)

// read reads both formats; Butane by its variant.
func read(t *testing.T, name, text string) Snippet {
	t.Helper()
	reader := ReadCloudConfig
	if strings.HasPrefix(text, "variant") {
		reader = ReadButane
	}
	s, err := reader(name, []byte(text))
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return s
}

func texts(errs ...error) []string {
	var list []string
	for _, err := range errs {
		if joined, ok := err.(interface{ Unwrap() []error }); ok {
			list = append(list, texts(joined.Unwrap()...)...)
		} else if err != nil {
			list = append(list, err.Error())
		}
	}
	return list
}

// TestCloudConfigFaults has what would keep a machine from coming up, each with its line.
func TestCloudConfigFaults(t *testing.T) {
	for _, test := range []struct {
		text string
		want []string
	}{
		{"#cloud-config\npackages: [htop]\n", nil},
		{"\ufeff#cloud-config\r\npackages:\r\n- htop\r\n", nil},
		{"\n# other\n", []string{"does not begin with #cloud-config, by which cloud-init knows it; add that line"}},
		{"## template: jinja\n#cloud-config\na: 1\n", []string{"is a template, which cloud-init would fill in on the machine; write what it shall say"}},
		{"#!/bin/sh\n", []string{"is a script; put it into runcmd, or use extraSteps"}},
		{"#include\nhttp://a\n", []string{"includes a URL; write what is there"}},
		{"Content-Type: multipart/mixed\n", []string{"is a multi-part message; write its parts as snippets of their own"}},
		{"#cloud-config\n", []string{"has nothing in it"}},
		{"#cloud-config\n- a\n", []string{"line 2: must be a mapping of keys to values"}},
		{"#cloud-config\na: 1\n---\nb: 2\n", []string{"has a second document; put it into a file of its own"}},
		{"#cloud-config\na: &x 1\nb: *x\nc: {<<: {d: 1}}\n", []string{
			"line 2: anchors and aliases cannot be merged; write the value itself", "line 3: anchors and aliases cannot be merged; write the value itself",
			"line 4: << cannot be merged; write the keys themselves",
		}},
		{"#cloud-config\ntimezone: a\nntp: {enabled: true, enabled: false}\ntimezone: b\n", []string{
			"line 3: enabled is already in line 3; keep one of them", "line 4: timezone is already in line 2; keep one of them",
		}},
		{"#cloud-config\nhostname: a\nfqdn: a.b\nmanage_etc_hosts: true\n", []string{
			"line 2: hostname: the host name is the node's name in cluster.yaml; remove it",
			"line 3: fqdn: the host name is the node's name in cluster.yaml; remove it",
			"line 4: manage_etc_hosts: writes the name that the cloud knows, which may not be the node's; write lines of /etc/hosts with write_files and `append: true`",
		}},
		{"#cloud-config\nmanage_etc_hosts: false\nhostname:\n", nil},
		{"#cloud-config\npower_state: {mode: reboot}\ncloud_final_modules: []\n", []string{
			"line 2: power_state: stops the machine in the middle of its first boot; use package_reboot_if_required, or remove it",
			"line 3: cloud_final_modules: kindling's document needs cloud-init's own list of modules; remove it",
		}},
		{"#cloud-config\npackges: [htop]\nour_own_module: 1\n", []string{"line 2: packges is no key of cloud-config (did you mean \"packages\"?)"}},
		{"#cloud-config\nruncmd: reboot now\n", []string{"line 2: runcmd must be a list of commands"}},
		{"#cloud-config\nruncmd:\n- [sleep, 5]\n- [chmod, 0755, /a]\n- [echo, yes, \"no\"]\n- true\n- 'true'\n- null\n", []string{
			"line 4: runcmd: put 0755 in quotes: YAML takes it for something else than a text",
			"line 5: runcmd: put yes in quotes: YAML takes it for something else than a text",
			"line 6: runcmd: a command is a text or a list of words; put it in quotes",
		}},
		{"#cloud-config\nruncmd:\n- echo reboot\n- [systemctl, daemon-reload]\n- |\n  if true; then\n    sudo reboot\n  fi\nbootcmd:\n- [/sbin/shutdown, -r, now]\n", []string{
			"line 5: runcmd must not restart the machine: until all of it has run it begins anew at every boot; restart with package_reboot_if_required, or when the cluster is there",
			"line 10: bootcmd must not restart the machine: until all of it has run it begins anew at every boot; restart with package_reboot_if_required, or when the cluster is there",
		}},
		{"#cloud-config\nwrite_files:\n- {path: /a, content: =}\n- {content: a}\n- {path: on}\n", []string{
			"line 3: put = in quotes: cloud-init cannot read it",
			"line 4: write_files: an item has no path that is a text", "line 5: write_files: an item has no path that is a text",
		}},
		{"#cloud-config\nusers: [default, {name: app}]\nwrite_files:\n- {path: /a, owner: 'app:app'}\n- {path: /b, owner: app, defer: true}\n- {path: /c, owner: www-data}\n", []string{
			"line 4: write_files: cloud-init makes this user later than it writes files; add `defer: true`",
		}},
		{"#cloud-config\na: !!python/object:os.system 1\nb: !!binary aGk=\n", []string{"line 2: the tag !!python/object:os.system cannot be merged; remove it"}},
	} {
		_, err := ReadCloudConfig("a.yaml", []byte(test.text))
		if diff := cmp.Diff(test.want, texts(err)); diff != "" {
			t.Errorf("%q (-want +got):\n%s", test.text, diff)
		}
	}
}

// TestButaneFaults has butane's own reports, and what butane takes and kindling's document would not.
func TestButaneFaults(t *testing.T) {
	const head = "variant: fcos\nversion: 1.4.0\n"
	for _, test := range []struct {
		text string
		want []string
	}{
		{head + "storage:\n  directories:\n  - path: /a\n", nil},
		{head + "storage:\n  files:\n  - path: /a\n    contnts: 1\n", []string{"line 6: $.storage.files.0.contnts: unused key contnts"}},
		{head + "storage:\n  files:\n  - path: a\n", []string{"line 5: $.storage.files.0.path: path not absolute"}},
		{head + "storage:\n  files:\n  - path: /a\n    contents: {local: a}\n  trees: []\n", []string{
			"line 6: local takes a file that config.bu would not have; write the text itself (inline or contents), or use extraFiles with a source",
			"line 7: trees takes a file that config.bu would not have; write the text itself (inline or contents), or use extraFiles with a source",
		}},
		{head + "ignition: {config: {replace: {source: 'https://a'}}}\n", []string{"line 3: ignition.config.replace puts another config in the place of kindling's; use merge"}},
		{"variant: fcos\nversion: 1.8.0-experimental\n", []string{"line 2: the version must be a stable one, such as 1.4.0"}},
		{"variant: fcos\nversion: 9.9.9\n", []string{"line 1: No translator exists for variant fcos with version 9.9.9"}},
		{"version: 1.4.0\n", []string{"line 1: error parsing variant; must be specified"}},
	} {
		_, err := ReadButane("a.bu", []byte(test.text))
		if diff := cmp.Diff(test.want, texts(err)); diff != "" {
			t.Errorf("%q (-want +got):\n%s", test.text, diff)
		}
	}
}

func TestPlaces(t *testing.T) {
	for text, want := range map[string][]Place{
		"#cloud-config\nwrite_files:\n- path: /a\n- {path: /b, append: true}\n": {{"/a", 3}, {"/b", 4}},
		`variant: fcos
version: 1.4.0
storage:
  files: [{path: /f}]
  directories: [{path: /d}]
  links: [{path: /l, target: /f}]
systemd:
  units:
  - name: a.service
    dropins: [{name: b.conf, contents: "[Unit]"}]
  - name: c.service
    enabled: true
  - name: d.service
    mask: true
    dropins: [{name: e.conf, contents: "[Unit]"}]
`: {
			{"/f", 4}, {"/d", 5}, {"/l", 6}, {"/etc/systemd/system/a.service.d/b.conf", 10}, {"/etc/systemd/system/c.service", 11},
			{"/etc/systemd/system/d.service.d/e.conf", 15}, {"/etc/systemd/system/d.service", 13},
		},
	} {
		if diff := cmp.Diff(want, read(t, "a", text).Places); diff != "" {
			t.Errorf("%s (-want +got):\n%s", text, diff)
		}
	}
}

func TestMerge(t *testing.T) {
	const fcos = "variant: fcos\nversion: 1.4.0\n"
	for name, test := range map[string]struct {
		ours      string
		snippets  []string
		want      string
		conflicts []string
	}{
		"lists follow each other, mappings are one": {
			snippets: []string{
				"#cloud-config\npackages: [a, yes]\napt: {sources: {x: {source: 1}}, conf: c} # why\nusers: [default, {name: a}]\n",
				"#cloud-config\npackages: [b]\napt: {sources: {y: {source: 2}}, conf: c}\nusers: [default, {name: a, uid: 7}]\nempty:\n",
			},
			want: "packages: [a, yes, b]\napt: {sources: {x: {source: 1}, y: {source: 2}}, conf: c}\nusers: [default, {name: a, uid: 7}]\nempty: null\n",
		},
		"both places of a conflict": {
			snippets: []string{
				"#cloud-config\ntimezone: UTC\nwrite_files:\n- {path: /a, content: x}\n- {path: /log, content: x, append: true}\n",
				"#cloud-config\nswap: {size: 1}\ntimezone: CET\nwrite_files:\n- {path: /a, content: y}\n- {path: /log, content: y, append: true}\n",
			},
			want: "timezone: UTC\nwrite_files:\n- {path: /a, content: x}\n- {path: /log, content: x, append: true}\n- {path: /log, content: y, append: true}\nswap: {size: 1}\n",
			conflicts: []string{
				"1, line 3: timezone has another value in 0, line 2; keep one of them",
				"1, line 5: write_files[/a].content has another value in 0, line 4; keep one of them",
			},
		},
		"a mapping and a list": {
			snippets:  []string{"#cloud-config\ngroups: [a]\n", "#cloud-config\ngroups: {b: []}\n"},
			want:      "groups: [a]\n",
			conflicts: []string{"1, line 2: groups has another value in 0, line 2; keep one of them"},
		},
		"kindling's user, file and unit": {
			ours: "passwd: {users: [{name: core, ssh_authorized_keys: [a]}]}\nstorage: {files: [{path: /a, mode: 0600, contents: {inline: a}}]}\nsystemd: {units: [{name: u.service, enabled: true, dropins: [{name: k.conf, contents: a}]}]}\n",
			snippets: []string{fcos + "passwd: {users: [{name: core, groups: [g], ssh_authorized_keys: [b]}]}\nstorage: {files: [{path: /a, contents: {source: \"data:,\"}}, {path: /b}]}\n" +
				"systemd: {units: [{name: u.service, enabled: false, dropins: [{name: l.conf, contents: b}]}]}\n"},
			want: "passwd: {users: [{name: core, ssh_authorized_keys: [a, b], groups: [g]}]}\nstorage: {files: [{path: /a, mode: 0600, contents: {inline: a}}, {path: /b}]}\nsystemd: {units: [{name: u.service, enabled: true, dropins: [{name: k.conf, contents: a}, {name: l.conf, contents: b}]}]}\n",
			conflicts: []string{
				"0, line 4: storage.files[/a].contents has another value in kindling's own document; keep one of them",
				"0, line 5: systemd.units[u.service].enabled has another value in kindling's own document; keep one of them",
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			var ours yaml.Node
			var root *yaml.Node
			if test.ours != "" {
				if err := yaml.Unmarshal([]byte(test.ours), &ours); err != nil {
					t.Fatal(err)
				}
				root = ours.Content[0]
			}
			var list []Snippet
			for i, text := range test.snippets {
				list = append(list, read(t, string(rune('0'+i)), text))
			}
			merged, errs := Merge(root, list)
			got, err := yaml.Dump(merged, yaml.WithCompactSeqIndent(), yaml.WithLineWidth(-1))
			if diff := cmp.Diff(test.want, string(got)); diff != "" || err != nil {
				t.Errorf("%v (-want +got):\n%s", err, diff)
			}
			if diff := cmp.Diff(test.conflicts, texts(errs...)); diff != "" {
				t.Errorf("conflicts (-want +got):\n%s", diff)
			}
			for _, err := range errs {
				if conflict := new(Conflict); !errors.As(err, conflict) {
					t.Errorf("%T", err)
				}
			}
			again, _ := Merge(root, list)
			if second, err := yaml.Dump(again, yaml.WithCompactSeqIndent(), yaml.WithLineWidth(-1)); string(second) != string(got) {
				t.Errorf("the first merge has changed its input: %s %v", second, err)
			}
		})
	}
}

// TestCommands holds that a list of commands becomes the script that cloud-init makes of it.
func TestCommands(t *testing.T) {
	config, errs := CloudConfig([]Snippet{
		read(t, "a", "#cloud-config\nruncmd:\n- [echo, \"it's\", 5]\n- cd /srv\nssh_authorized_keys: [k]\n"),
		read(t, "b", "#cloud-config\nruncmd:\n- |\n  a\n  b\nbootcmd: [c]\nusers: [{name: d}]\nwrite_files: [{path: /e, defer: true}]\n"),
	})
	if len(errs) > 0 {
		t.Fatal(errs)
	}
	if diff := cmp.Diff([]string{"'echo' 'it'\\''s' '5'\ncd /srv\na\nb\n\n", "c\n", "k", "b, line 7", ""},
		[]string{config.RunCmd, config.BootCmd, strings.Join(config.SSHAuthorizedKeys, ","), config.At("users"), config.At("ntp")}); diff != "" {
		t.Error(diff)
	}
	if config.CreatesDefaultUser() || !config.Deferred || len(config.WriteFiles) != 1 {
		t.Errorf("%+v", config)
	}
}

func TestNewest(t *testing.T) {
	for _, test := range [][3]string{{"1.4.0", "1.5.0", "1.5.0"}, {"1.4.0", "1.10.0", "1.10.0"}, {"1.4.0", "1.1.0", "1.4.0"}} {
		if got := Newest(test[0], []Snippet{{Version: test[1]}}); got != test[2] {
			t.Errorf("%v: %s", test, got)
		}
	}
}
