package documents

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kindling/e2e/internal/firstboot"
	"kindling/e2e/internal/kindling"
	"kindling/e2e/internal/tree"
)

const snippetSpec = `apiVersion: kindling/v1alpha1
kind: Cluster
name: snippets
kubernetesVersion: v1.37.2
controlPlaneEndpoint: api.demo.test:6443
os: ubuntu
install: {method: preinstalled}
cni: {manifest: none}
nodes:
- {name: cp0, role: control-plane, address: 10.0.0.7}
- {name: cp1, role: control-plane, address: 10.0.0.8, os: flatcar}
- {name: cp2, role: control-plane, address: 10.0.0.9}
snippets:
`

// withSnippets makes the documents of a cluster with snippets, by their file names.
func withSnippets(t *testing.T, snippets map[string]string) kindling.Documents {
	t.Helper()
	dir := t.TempDir()
	spec := snippetSpec
	for name, text := range snippets {
		kind := map[string]string{".yaml": "cloudConfig", ".bu": "butane"}[filepath.Ext(name)]
		spec += fmt.Sprintf("- %s: %s\n", kind, name)
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	file := filepath.Join(dir, "cluster.yaml")
	if err := os.WriteFile(file, []byte(spec), 0o600); err != nil {
		t.Fatal(err)
	}
	documents, err := kindling.Generate(t, file, testPKI)
	if err != nil {
		t.Fatal(err)
	}
	return documents
}

// restOf is all of the configuration but write_files, as cloud-init's code has read it.
func restOf(t *testing.T, written tree.Tree) map[string]any {
	t.Helper()
	var rest map[string]any
	if err := json.Unmarshal([]byte(written["/rest.json"].Content), &rest); err != nil {
		t.Fatal(err)
	}
	return rest
}

// TestSnippetReadsTheSame holds that cloud-init makes of a snippet in a document what it makes of the snippet itself, also of words that YAML
// 1.1 and 1.2 read differently.
func TestSnippetReadsTheSame(t *testing.T) {
	const text = `#cloud-config
write_files:
- {path: /etc/a, permissions: '0640', content: "="}
- path: /etc/b
  permissions: 0600
  content: |2
      two more
    	tab
- path: /etc/c
  encoding: b64
  content: !!binary |
    YUdrPQ==
- path: /etc/d
  content: >-
    folded
    text
words:
  plain: [yes, no, On, OFF, y, N, ~, null, 0777, 0o17, 0x1F, 0b11, 1_000, 1:20, 190:20:30.15, .5, 1e3, 1.5e+3, 12e03, "", '=', <]
  quoted: ["yes", 'no', "0777", '1:20', "\u00e9\t\x85\u2028", '<<']
  empty:
  block: |+
    keeps

  more: [{a: {b: [c, {d: e}]}}, {1: one}, {true: yes}]
  multi: a plain text
    of two lines

    and a third
`
	documents := withSnippets(t, map[string]string{"a.yaml": text, "other.bu": "variant: flatcar\nversion: 1.0.0\n"})
	read := map[string][]byte{"nocloud/theirs": []byte(text)}
	for _, encoding := range []string{kindling.Text, kindling.Gzip} {
		read["nocloud/"+encoding] = documents.Document(t, "cp0", kindling.CloudInit, encoding)
	}
	written := firstboot.ReadUserData(t, read)
	want := restOf(t, written["nocloud/theirs"])
	for _, encoding := range []string{kindling.Text, kindling.Gzip} {
		got := written["nocloud/"+encoding]
		if diff := cmp.Diff(want["words"], restOf(t, got)["words"]); diff != "" {
			t.Errorf("%s (-theirs +merged):\n%s", encoding, diff)
		}
		for _, name := range []string{"/etc/a", "/etc/b", "/etc/c", "/etc/d"} {
			if diff := cmp.Diff(written["nocloud/theirs"][name], got[name]); diff != "" {
				t.Errorf("%s, %s (-theirs +merged):\n%s", encoding, name, diff)
			}
		}
	}
}

// TestMultiPart puts kindling's user-data into a multi-part message, before and after a part of somebody else's, by the advice of
// docs/snippets.md. Without it one of the two is lost.
func TestMultiPart(t *testing.T) {
	how := regexp.MustCompile(`(?m)^merge_how: (.*)$`).FindStringSubmatch(docs(t, "merge.yaml"))
	if how == nil {
		t.Fatal("no merge_how in docs/snippets.md")
	}
	plain := withSnippets(t, nil).Document(t, "cp0", kindling.CloudInit, kindling.Text)
	with := withSnippets(t, map[string]string{"merge.yaml": docs(t, "merge.yaml"), "other.bu": "variant: flatcar\nversion: 1.0.0\n"}).Document(t, "cp0", kindling.CloudInit, kindling.Text)
	theirs := "#cloud-config\npackages: [theirs]\nruncmd: [[theirs]]\nwrite_files: [{path: /etc/theirs, content: theirs}]\nssh_authorized_keys: [theirs]\n"
	header := "Merge-Type: " + how[1] + "\n"
	tests := map[string]struct {
		message string
		both    bool
	}{
		"kindling first, headers":   {multiPart(header, string(plain), theirs), true},
		"kindling last, headers":    {multiPart(header, theirs, string(plain)), true},
		"kindling first, merge_how": {multiPart("", string(with), theirs+how[0]+"\n"), true},
		"kindling last, merge_how":  {multiPart("", theirs, string(with)), true},
		"kindling first":            {multiPart("", string(plain), theirs), false},
		"kindling last":             {multiPart("", theirs, string(plain)), false},
	}
	messages := map[string][]byte{}
	for name, test := range tests {
		messages["nocloud/"+name] = []byte(test.message)
	}
	written := firstboot.ReadUserData(t, messages)
	for name, test := range tests {
		got := written["nocloud/"+name]
		rest := restOf(t, got)
		_, ours := got["/etc/kindling/run.sh"]
		_, other := got["/etc/theirs"]
		commands := fmt.Sprint(rest["runcmd"])
		starts, runs := strings.Contains(commands, "kindling.service"), strings.Contains(commands, "theirs")
		if both := ours && other && starts && runs && rest["packages"] != nil && rest["bootcmd"] != nil; both != test.both {
			t.Errorf("%s: files of kindling %t and theirs %t, commands %s", name, ours, other, commands)
		}
	}
}

func multiPart(header string, parts ...string) string {
	message := "Content-Type: multipart/mixed; boundary=\"==\"\nMIME-Version: 1.0\n"
	for _, part := range parts {
		message += "\n--==\nContent-Type: text/cloud-config; charset=\"utf-8\"\nMIME-Version: 1.0\n" + header + "\n" + part
	}
	return message + "\n--==--\n"
}

// docs is a file that docs/snippets.md writes.
func docs(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(kindling.Source(), "docs/snippets.md"))
	if err != nil {
		t.Fatal(err)
	}
	found := regexp.MustCompile(`(?s)cat >` + regexp.QuoteMeta(name) + ` <<'END'\n(.*?)\nEND\n`).FindStringSubmatch(string(text))
	if found == nil {
		t.Fatalf("docs/snippets.md writes no %s", name)
	}
	return found[1] + "\n"
}

// TestEtcdDisk holds that the snippets of docs/snippets.md are what cloud-init and Ignition take, and that the one for cloud-init never
// formats a disk with anything on it.
func TestEtcdDisk(t *testing.T) {
	documents := withSnippets(t, map[string]string{"etcd-disk.yaml": docs(t, "etcd-disk.yaml"), "etcd-disk.bu": docs(t, "etcd-disk.bu")})
	unit, made := firstboot.Ignition(t, documents.Document(t, "cp1", kindling.Ignition, kindling.Text)).Tree["/etc/systemd/system/var-lib-etcd.mount"]
	if !made || !strings.Contains(unit.Content, "What=/dev/vdb") {
		t.Errorf("Ignition has not made the mount: %q", unit.Content)
	}
	run := firstboot.CloudInit(t, seed(t, documents, "cp0", kindling.Text))
	if len(run.Problems) > 0 {
		t.Errorf("cloud-init complained:\n%s", strings.Join(run.Problems, "\n"))
	}
	if table := run.Tree["/etc/fstab"].Content; !strings.Contains(table, "LABEL=etcd\t/var/lib/etcd\text4\tdefaults,nofail") {
		t.Errorf("/etc/fstab: %q", table)
	}
	commands := restOf(t, firstboot.ReadUserData(t, map[string][]byte{"nocloud/cp0": documents.Document(t, "cp0", kindling.CloudInit, kindling.Text)})["nocloud/cp0"])["bootcmd"].([]any)
	script := commands[len(commands)-1].([]any)[2].(string)
	for content, want := range map[string]string{
		"true":                             "formatted",
		"mkfs.ext4 -q -L etcd disk":        "untouched",
		"mkfs.ext4 -q -L photos disk":      "untouched",
		"mkswap disk":                      "untouched",
		"echo label: gpt | sfdisk -q disk": "untouched",
		"echo of no known kind >disk.part; dd if=disk.part of=disk bs=1 seek=300000 conv=notrunc": "untouched",
	} {
		t.Run(content, func(t *testing.T) {
			out, err := run.With(t).Inside(context.Background(), fmt.Sprintf(`
cd /root
truncate -s 64M disk
{ %s; } >/dev/null 2>&1
before=$(sha256sum <disk)
device=$(losetup -f --show disk)
trap 'losetup -d $device' EXIT
cat >script <<'END'
%s
END
sed -i "s,/dev/vdb,$device,g" script
sh script >/dev/null 2>&1
sync
if [ "$(sha256sum <disk)" = "$before" ]; then echo untouched; else blkid -p -o value -s LABEL disk | sed s/etcd/formatted/; fi`, content, script))
			if got := strings.TrimSpace(string(out)); err != nil || got != want {
				t.Errorf("%v: %s, want %s", err, got, want)
			}
		})
	}
}
