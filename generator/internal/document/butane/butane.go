// Package butane renders a node as a Butane config, the form in which people review an Ignition machine.
// Source: the Butane specifications fcos 1.4.0 and flatcar 1.0.0.
package butane

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"

	"kindling/generator/internal/distro"
	"kindling/generator/internal/gzip"
	"kindling/generator/internal/node"
	"kindling/generator/internal/snippet"

	"go.yaml.in/yaml/v4"
)

// config is the part of a Butane config that kindling uses. Butane's own structs would print every field that is not set.
type config struct {
	Variant  string    `yaml:"variant"`
	Version  string    `yaml:"version"`
	Ignition *ignition `yaml:"ignition,omitempty"`
	Passwd   *passwd   `yaml:"passwd,omitempty"`
	Storage  storage   `yaml:"storage"`
	Systemd  systemd   `yaml:"systemd,omitempty"`
}

type ignition struct {
	Config struct {
		Merge []contents `yaml:"merge"`
	} `yaml:"config"`
}

type passwd struct {
	Users []user `yaml:"users"`
}

type user struct {
	Name              string   `yaml:"name"`
	SSHAuthorizedKeys []string `yaml:"ssh_authorized_keys"`
}

type storage struct {
	Files []file `yaml:"files"`
}

// file has mode 0644 unless it says otherwise, which is Ignition's default.
type file struct {
	Path string `yaml:"path"`
	Mode octal  `yaml:"mode,omitempty"`
	// Overwrite where an image may have a file of this name; without it Ignition refuses.
	Overwrite bool     `yaml:"overwrite,omitempty"`
	User      *owner   `yaml:"user,omitempty"`
	Group     *owner   `yaml:"group,omitempty"`
	Contents  contents `yaml:"contents"`
}

// owner is a user or a group, by its number or its name.
type owner struct {
	ID   *int   `yaml:"id,omitempty"`
	Name string `yaml:"name,omitempty"`
}

type contents struct {
	Inline      string `yaml:"inline,omitempty"`
	Source      string `yaml:"source,omitempty"`
	Compression string `yaml:"compression,omitempty"`
}

type systemd struct {
	Units []unit `yaml:"units"`
}

type unit struct {
	Name     string   `yaml:"name"`
	Enabled  bool     `yaml:"enabled,omitempty"`
	Mask     bool     `yaml:"mask,omitempty"`
	Contents string   `yaml:"contents,omitempty"`
	DropIns  []dropIn `yaml:"dropins,omitempty"`
}

type dropIn struct {
	Name     string `yaml:"name"`
	Contents string `yaml:"contents"`
}

// octal is a file mode, written as people read it.
type octal int

// MarshalYAML writes 0600 instead of 384.
func (o octal) MarshalYAML() (any, error) {
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!int", Value: fmt.Sprintf("%04o", int(o))}, nil
}

// Render renders the node's Butane config.
func Render(n node.Node) ([]byte, error) {
	return merged(configOf(n), n)
}

// RenderMerged renders the node's config for [RenderMerge], which compresses it as a whole. Text stays as it is: butane
// would compress each file, and base64 of gzip does not compress again.
func RenderMerged(n node.Node) ([]byte, error) {
	c := configOf(n)
	for i, f := range n.Files {
		if len(f.Content) > 0 && utf8.Valid(f.Content) {
			text := url.URL{Path: string(f.Content)}
			c.Storage.Files[i].Contents = contents{Source: "data:," + text.EscapedPath()}
		}
	}
	return merged(c, n)
}

// RenderMerge renders the config of a node whose files are all [node.File.Packed], and which merges an Ignition config. It carries
// both in gzip (`ignition.config.merge` of Ignition's configuration specification, from 3.0).
func RenderMerge(n node.Node, merged []byte) ([]byte, error) {
	c := configOf(n)
	for i, f := range n.Files {
		c.Storage.Files[i].Contents = gzipped(f.Gzip)
	}
	c.Ignition = &ignition{}
	c.Ignition.Config.Merge = []contents{gzipped(gzip.Pack(merged))}
	return dump(c)
}

// merged is the config together with the node's Butane snippets.
func merged(c config, n node.Node) ([]byte, error) {
	snippets := n.SnippetsFor(distro.Butane)
	c.Version = snippet.Newest(c.Version, snippets)
	ours, err := dump(c)
	if err != nil || len(snippets) == 0 {
		return ours, err
	}
	loader, err := yaml.NewLoader(bytes.NewReader(ours))
	if err != nil {
		return nil, err
	}
	var document yaml.Node
	if err := loader.Load(&document); err != nil {
		return nil, err
	}
	both, conflicts := snippet.Merge(document.Content[0], snippets)
	if len(conflicts) > 0 {
		return nil, errors.Join(conflicts...)
	}
	return dump(both)
}

func dump(c any) ([]byte, error) {
	return yaml.Dump(c, yaml.WithIndent(2), yaml.WithCompactSeqIndent(), yaml.WithLineWidth(-1))
}

func configOf(n node.Node) config {
	c := config{Variant: n.OS.ButaneVariant, Version: n.OS.ButaneVersion}
	if len(n.SSHAuthorizedKeys) > 0 {
		c.Passwd = &passwd{[]user{{n.OS.User, n.SSHAuthorizedKeys}}}
	}
	for _, f := range n.Files {
		out := file{Path: f.Path, Overwrite: !ours(f.Path), Contents: contentsOf(f.Content)}
		if f.Mode != 0o644 {
			out.Mode = octal(f.Mode)
		}
		user, group, _ := strings.Cut(f.Owner, ":")
		out.User, out.Group = ownerOf(user), ownerOf(group)
		c.Storage.Files = append(c.Storage.Files, out)
	}
	for _, u := range n.Units {
		out := unit{Name: u.Name, Enabled: u.Enabled, Mask: u.Masked, Contents: u.Content}
		if u.DropIn != "" {
			out.DropIns = []dropIn{{node.DropInName, u.DropIn}}
		}
		c.Systemd.Units = append(c.Systemd.Units, out)
	}
	return c
}

func ownerOf(name string) *owner {
	if name == "" {
		return nil
	}
	if id, err := strconv.Atoi(name); err == nil {
		return &owner{ID: &id}
	}
	return &owner{Name: name}
}

// contentsOf leaves text readable; butane itself compresses it in the Ignition config where that is shorter.
func contentsOf(content []byte) contents {
	if len(content) == 0 {
		return contents{Source: "data:,"}
	}
	if utf8.Valid(content) {
		return contents{Inline: string(content)}
	}
	return contents{Source: base64URL(content)}
}

func gzipped(packed []byte) contents {
	return contents{Source: base64URL(packed), Compression: "gzip"}
}

// base64URL is a data URL (RFC 2397).
func base64URL(content []byte) string {
	return "data:;base64," + base64.StdEncoding.EncodeToString(content)
}

// ours tells whether no image has a file of this name: the bytes of a needless field add up to a document that is too large.
func ours(path string) bool {
	return strings.HasPrefix(path, "/etc/kindling/") || strings.HasPrefix(path, "/etc/kubernetes/pki/")
}
