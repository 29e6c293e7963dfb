package read

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/vincent-petithory/dataurl"
	"go.yaml.in/yaml/v4"
)

// config is what Ignition and Butane configs have alike.
type config struct {
	Ignition struct {
		Config struct {
			Merge   []contents `json:"merge"`
			Replace contents   `json:"replace"`
		} `json:"config"`
	} `json:"ignition"`
	Passwd struct {
		Users []struct {
			SSHAuthorizedKeys []string `json:"sshAuthorizedKeys" yaml:"ssh_authorized_keys"`
		} `json:"users"`
	} `json:"passwd"`
	Storage struct {
		Files []struct {
			Path     string   `json:"path"`
			Mode     int      `json:"mode"`
			Contents contents `json:"contents"`
		} `json:"files"`
	} `json:"storage"`
	Systemd struct {
		Units []struct {
			Name     string `json:"name"`
			Enabled  bool   `json:"enabled"`
			Mask     bool   `json:"mask"`
			Contents string `json:"contents"`
			DropIns  []struct {
				Name     string `json:"name"`
				Contents string `json:"contents"`
			} `json:"dropins" yaml:"dropins"`
		} `json:"units"`
	} `json:"systemd"`
}

// contents are inline in Butane alone.
type contents struct {
	Inline      string `json:"inline"`
	Source      string `json:"source"`
	Compression string `json:"compression"`
}

func (c contents) read() ([]byte, error) {
	if c.Source == "" {
		return []byte(c.Inline), nil
	}
	url, err := dataurl.DecodeString(c.Source)
	if err != nil {
		return nil, errors.New("its data URL is damaged")
	}
	switch c.Compression {
	case "":
		return url.Data, nil
	case "gzip":
		return gunzip(url.Data)
	}
	return nil, errors.New("its compression is not gzip")
}

func butane(text []byte) (Machine, error) {
	var c config
	if yaml.Unmarshal(text, &c) != nil {
		return Machine{}, errors.New("is not the YAML of a Butane config")
	}
	return c.machine()
}

func ignition(text []byte) (Machine, error) {
	var c config
	if json.Unmarshal(text, &c) != nil {
		return Machine{}, errors.New("is not the JSON of an Ignition config")
	}
	m, err := c.machine()
	if err != nil {
		return m, err
	}
	merged := c.Ignition.Config.Merge
	if c.Ignition.Config.Replace.Source != "" {
		m, merged = Machine{}, []contents{c.Ignition.Config.Replace}
	}
	for _, inner := range merged {
		text, err := inner.read()
		if err != nil {
			return m, fmt.Errorf("merges a config that cannot be read: %w", err)
		}
		other, err := ignition(text)
		if err != nil {
			return m, fmt.Errorf("merges a config that %w", err)
		}
		m.Files = append(m.Files, other.Files...)
		m.Enabled = append(m.Enabled, other.Enabled...)
		m.Masked = append(m.Masked, other.Masked...)
		m.SSHAuthorizedKeys = append(m.SSHAuthorizedKeys, other.SSHAuthorizedKeys...)
	}
	return m, nil
}

// machine is what the config itself says. A file has mode 0644 unless it says otherwise, which is Ignition's default.
func (c config) machine() (m Machine, err error) {
	for _, u := range c.Passwd.Users {
		m.SSHAuthorizedKeys = append(m.SSHAuthorizedKeys, u.SSHAuthorizedKeys...)
	}
	for _, f := range c.Storage.Files {
		content, err := f.Contents.read()
		if err != nil {
			return m, fmt.Errorf("cannot be read at %s: %w", f.Path, err)
		}
		if f.Mode == 0 {
			f.Mode = 0o644
		}
		m.Files = append(m.Files, File{f.Path, f.Mode, content})
	}
	for _, u := range c.Systemd.Units {
		if u.Contents != "" {
			m.Files = append(m.Files, File{unitPath(u.Name), 0o644, []byte(u.Contents)})
		}
		for _, d := range u.DropIns {
			m.Files = append(m.Files, File{unitPath(u.Name) + ".d/" + d.Name, 0o644, []byte(d.Contents)})
		}
		if u.Enabled {
			m.Enabled = append(m.Enabled, u.Name)
		}
		if u.Mask {
			m.Masked = append(m.Masked, u.Name)
		}
	}
	return m, nil
}
