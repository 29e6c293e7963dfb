// Package cloudinit renders a node as cloud-init user-data in the #cloud-config format, with no template language in it:
// cloud-init writes the files (write_files) and enables the units (runcmd), and has no other part in the boot.
// Source: cloud-init's documentation of the modules write_files, runcmd and of the NoCloud data source.
package cloudinit

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"fmt"
	"unicode"
	"unicode/utf8"

	"kindling/generator/internal/plan"

	"go.yaml.in/yaml/v4"
)

// config is the part of #cloud-config that kindling uses.
type config struct {
	// PreserveHostname leaves the host name to /etc/hostname, which is among the files.
	PreserveHostname  bool       `yaml:"preserve_hostname"`
	SSHAuthorizedKeys []string   `yaml:"ssh_authorized_keys,omitempty"`
	WriteFiles        []file     `yaml:"write_files"`
	RunCmd            [][]string `yaml:"runcmd,flow"`
}

// file is owned by root and has mode 0644 unless it says otherwise, which are cloud-init's defaults.
type file struct {
	Path        string `yaml:"path"`
	Permissions string `yaml:"permissions,omitempty"`
	Encoding    string `yaml:"encoding,omitempty"`
	Content     string `yaml:"content"`
}

// UserData renders the node's user-data.
func UserData(n plan.Node) ([]byte, error) {
	c := config{PreserveHostname: true, SSHAuthorizedKeys: n.SSHAuthorizedKeys}
	for _, f := range n.Files {
		written, err := writeFile(f)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", f.Path, err)
		}
		c.WriteFiles = append(c.WriteFiles, written)
	}
	for _, u := range n.Units {
		if u.Masked {
			c.RunCmd = append(c.RunCmd, []string{"systemctl", "mask", "--now", u.Name})
			continue
		}
		c.WriteFiles = append(c.WriteFiles, file{Path: "/etc/systemd/system/" + u.Name, Content: u.Content})
		c.RunCmd = append(c.RunCmd, []string{"systemctl", "enable", "--now", "--no-block", u.Name})
	}
	out := bytes.NewBufferString("#cloud-config\n")
	encoder := yaml.NewEncoder(out)
	encoder.SetIndent(2)
	encoder.CompactSeqIndent()
	if err := encoder.Encode(c); err != nil {
		return nil, err
	}
	err := encoder.Close()
	return out.Bytes(), err
}

// MetaData renders the NoCloud meta-data that go with the user-data.
func MetaData(cluster string, n plan.Node) ([]byte, error) {
	return yaml.Marshal(struct {
		InstanceID string `yaml:"instance-id"`
	}{cluster + "-" + n.Name})
}

func writeFile(f plan.File) (file, error) {
	out := file{Path: f.Path, Content: string(f.Content)}
	if f.Mode != 0o644 {
		out.Permissions = fmt.Sprintf("%04o", f.Mode)
	}
	switch {
	case f.Compress:
		packed, err := compress(f.Content)
		if err != nil {
			return file{}, err
		}
		out.Encoding, out.Content = "gz+b64", base64.StdEncoding.EncodeToString(packed)
	case !plain(f.Content):
		out.Encoding, out.Content = "b64", base64.StdEncoding.EncodeToString(f.Content)
	}
	return out, nil
}

func compress(content []byte) ([]byte, error) {
	var out bytes.Buffer
	w, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(content); err != nil {
		return nil, err
	}
	err = w.Close()
	return out.Bytes(), err
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
