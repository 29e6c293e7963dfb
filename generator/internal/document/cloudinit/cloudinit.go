// Package cloudinit renders a node as cloud-init user-data in the #cloud-config format, with no template language in it:
// cloud-init writes the files (write_files) and enables the units (runcmd), and has no other part in the boot.
// Source: cloud-init's documentation of the modules write_files, runcmd and of the NoCloud data source.
package cloudinit

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"unicode"
	"unicode/utf8"

	"kindling/generator/internal/distro"
	"kindling/generator/internal/node"
	"kindling/generator/internal/snippet"

	"go.yaml.in/yaml/v4"
)

// Renderer renders nodes. It keeps what it has made of files that can be packed, which nodes share and which are most of a document.
// It is for one goroutine.
type Renderer struct {
	// packed says that such files travel compressed, each by itself.
	packed bool
	kept   map[*byte][]byte
	// frames are the parts before and after the files, which most nodes share.
	frames map[string][]byte
	// length is that of the last document, and about that of the next.
	length int
}

// Readable returns a Renderer of documents for people and for providers that take nothing but text: scripts and manifests are
// compressed inside.
func Readable() *Renderer { return newRenderer(true) }

// Plain returns a Renderer of documents that are compressed as a whole: with everything plain inside they come out smaller.
func Plain() *Renderer { return newRenderer(false) }

func newRenderer(packed bool) *Renderer {
	return &Renderer{packed: packed, kept: map[*byte][]byte{}, frames: map[string][]byte{}}
}

// head, files and tail are the parts of #cloud-config that kindling uses, in their order in the document.
type head struct {
	// PreserveHostname leaves the host name to /etc/hostname, where that is among the files; or else it comes from the
	// cloud's metadata.
	PreserveHostname  bool     `yaml:"preserve_hostname"`
	SSHAuthorizedKeys []string `yaml:"ssh_authorized_keys,omitempty"`
}

// file is owned by root and has mode 0644 unless it says otherwise, which are cloud-init's defaults.
type file struct {
	Path        quoted `yaml:"path"`
	Permissions string `yaml:"permissions,omitempty"`
	Encoding    string `yaml:"encoding,omitempty"`
	Content     quoted `yaml:"content"`
}

// quoted is a user's text. cloud-init reads YAML 1.1, in which more words than in our writer's 1.2 are no strings, such as = and <<.
type quoted string

// surely is a text that is a string to every reader: a path, base64 that is long enough, or lines.
var surely = regexp.MustCompile(`^(/[A-Za-z0-9._/+-]+|[A-Za-z][A-Za-z0-9+/]{20,}=*)$|\n`)

// MarshalYAML leaves no reader a choice.
func (q quoted) MarshalYAML() (any, error) {
	if surely.MatchString(string(q)) {
		return string(q), nil
	}
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Style: yaml.DoubleQuotedStyle, Value: string(q)}, nil
}

// command is a list of words, which no shell reads again.
type command []string

type tail struct {
	BootCmd []command `yaml:"bootcmd,flow"`
	RunCmd  []command `yaml:"runcmd,flow"`
}

// cloud-init does not sync what it writes, but remembers that it has written it: a power cut would leave empty files for ever.
// Until runcmd has put all of it on the disk, bootcmd, which comes first at every boot, makes cloud-init forget. Its notes are
// named after its modules. The network's configuration, written just before, is put on the disk at once; if a power cut has come even
// before that, and there is no address, everything begins anew, once. A root in memory has nothing from before.
const (
	forget = "cd /var/lib/cloud/instance && [ -e kindling.durable ] && exit; rm -f sem/config_write_files sem/config_runcmd sem/config_scripts_user; sync; " +
		"ip -o addr show scope global | grep -q . || ! findmnt -nT /var/lib -o SOURCE | grep -q ^/dev/ || [ -e /var/lib/kindling.anew ] || { : >/var/lib/kindling.anew; sync; cloud-init clean --reboot; }"
	durable = "sync && : >/var/lib/cloud/instance/kindling.durable"
	// forgetDeferred is for files of the user's that wait for users and packages.
	forgetDeferred = "[ -e /var/lib/cloud/instance/kindling.durable ] || rm -f /var/lib/cloud/instance/sem/config_write_files_deferred"
)

// UserData renders the node's user-data.
func (r *Renderer) UserData(n node.Node) ([]byte, error) {
	theirs, conflicts := snippet.CloudConfig(n.SnippetsFor(distro.CloudInit))
	if len(conflicts) > 0 {
		return nil, errors.Join(conflicts...)
	}
	out := bytes.NewBuffer(make([]byte, 0, r.length))
	out.WriteString("#cloud-config\n")
	if err := r.frame(out, head{!n.Any, slices.Concat(n.SSHAuthorizedKeys, theirs.SSHAuthorizedKeys)}); err != nil {
		return nil, err
	}
	out.WriteString("write_files:\n")
	for _, f := range n.Files {
		if err := r.writeFile(out, f); err != nil {
			return nil, fmt.Errorf("%s: %w", f.Path, err)
		}
	}
	last := commands(n.Files, theirs)
	for _, u := range n.Units {
		if u.Masked {
			last.RunCmd = append(last.RunCmd, command{"systemctl", "mask", "--now", u.Name})
			continue
		}
		path, content := u.File()
		if err := r.writeFile(out, node.Public(path, []byte(content))); err != nil {
			return nil, err
		}
		if !u.Enabled {
			continue
		}
		last.RunCmd = append(last.RunCmd, command{"systemctl", "enable", "--now", "--no-block", u.Name})
	}
	var err error
	if len(theirs.WriteFiles) > 0 {
		err = encode(out, theirs.WriteFiles)
	}
	err = errors.Join(err, r.frame(out, last))
	if len(theirs.Rest.Content) > 0 {
		err = errors.Join(err, encode(out, theirs.Rest))
	}
	r.length = out.Len()
	return out.Bytes(), err
}

// commands are those around the units. The user's own come before kindling's unit starts, each list as a script by itself. A file gets
// its owner after them: the user may be one of theirs, and cloud-init itself knows owners only by their names.
func commands(files []node.File, theirs snippet.Config) tail {
	var t tail
	if theirs.Deferred {
		t.BootCmd = append(t.BootCmd, command{"sh", "-c", forgetDeferred})
	}
	t.BootCmd = append(t.BootCmd, command{"sh", "-c", forget})
	if theirs.BootCmd != "" {
		t.BootCmd = append(t.BootCmd, command{"sh", "-c", theirs.BootCmd})
	}
	if theirs.RunCmd != "" {
		t.RunCmd = append(t.RunCmd, command{"sh", "-c", theirs.RunCmd})
	}
	for _, f := range files {
		if f.Owner == "" {
			continue
		}
		t.RunCmd = append(t.RunCmd, command{"chown", f.Owner, f.Path})
		if f.Mode > 0o777 { // chown takes setuid and setgid away
			t.RunCmd = append(t.RunCmd, command{"chmod", permissions(f.Mode), f.Path})
		}
	}
	t.RunCmd = append(t.RunCmd, command{"sh", "-c", durable})
	return t
}

func (r *Renderer) frame(out *bytes.Buffer, part any) error {
	key := fmt.Sprintf("%#v", part)
	text, known := r.frames[key]
	if !known {
		var b bytes.Buffer
		if err := encode(&b, part); err != nil {
			return err
		}
		text = b.Bytes()
		r.frames[key] = text
	}
	out.Write(text)
	return nil
}

// writeFile appends an element of write_files.
func (r *Renderer) writeFile(out *bytes.Buffer, f node.File) error {
	if f.Gzip == nil {
		return appendElement(out, f)
	}
	key := &f.Gzip[0]
	if !r.packed {
		f.Gzip = nil
	}
	element, known := r.kept[key]
	if !known {
		var b bytes.Buffer
		if err := appendElement(&b, f); err != nil {
			return err
		}
		element = b.Bytes()
		r.kept[key] = element
	}
	out.Write(element)
	return nil
}

func appendElement(out *bytes.Buffer, f node.File) error {
	if appendLiteral(out, f) {
		return nil
	}
	return encode(out, []file{entry(f)})
}

// encode appends YAML in which sequences are not indented, so that one-element sequences in a row are one sequence. Lines
// are not folded: people compare them.
func encode(out *bytes.Buffer, v any) error {
	text, err := yaml.Dump(v, yaml.WithIndent(2), yaml.WithCompactSeqIndent(), yaml.WithLineWidth(-1))
	out.Write(text)
	return err
}

// plainID is a text that every YAML reader takes for a string as it stands.
var plainID = regexp.MustCompile(`^[a-z][a-z0-9]*-[a-z0-9.-]*[a-z0-9]$`)

// MetaData renders the NoCloud meta-data that go with the user-data.
func MetaData(cluster string, n node.Node) ([]byte, error) {
	id := cluster + "-" + n.Name
	if plainID.MatchString(id) {
		return []byte("instance-id: " + id + "\n"), nil
	}
	return yaml.Marshal(struct {
		InstanceID string `yaml:"instance-id"`
	}{id})
}

func entry(f node.File) file {
	out := file{Path: quoted(f.Path), Permissions: permissions(f.Mode), Content: quoted(f.Content)}
	switch {
	case f.Gzip != nil:
		out.Encoding, out.Content = "gz+b64", quoted(base64.StdEncoding.EncodeToString(f.Gzip))
	case !plain(f.Content):
		out.Encoding, out.Content = "b64", quoted(base64.StdEncoding.EncodeToString(f.Content))
	}
	return out
}

func permissions(mode int) string {
	if mode == 0o644 {
		return ""
	}
	return fmt.Sprintf("%04o", mode)
}

// plain tells whether every YAML reader gives this content back as it is.
func plain(content []byte) bool {
	for len(content) > 0 {
		r, size := utf8.DecodeRune(content)
		if r == utf8.RuneError || r == '\uFEFF' || r != '\n' && r != '\t' && !unicode.IsPrint(r) {
			return false
		}
		content = content[size:]
	}
	return true
}
