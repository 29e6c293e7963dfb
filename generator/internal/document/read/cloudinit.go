package read

import (
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"go.yaml.in/yaml/v4"
)

type cloudConfig struct {
	SSHAuthorizedKeys []string `yaml:"ssh_authorized_keys"`
	WriteFiles        []struct {
		Path        string `yaml:"path"`
		Permissions string `yaml:"permissions"`
		Encoding    string `yaml:"encoding"`
		Content     string `yaml:"content"`
	} `yaml:"write_files"`
	RunCmd [][]string `yaml:"runcmd"`
}

func cloudInit(text []byte) (Machine, error) {
	var config cloudConfig
	if yaml.Unmarshal(text, &config) != nil {
		return Machine{}, errors.New("is not the YAML of user-data")
	}
	m := Machine{SSHAuthorizedKeys: config.SSHAuthorizedKeys}
	for _, f := range config.WriteFiles {
		mode, err := permissions(f.Permissions)
		if err != nil {
			return m, fmt.Errorf("gives %s a mode that is not octal", f.Path)
		}
		content, err := decoded(f.Content, f.Encoding)
		if err != nil {
			return m, fmt.Errorf("cannot be read at %s: %w", f.Path, err)
		}
		m.Files = append(m.Files, File{f.Path, mode, content})
	}
	for _, command := range config.RunCmd {
		name := command[max(len(command)-1, 0):]
		switch {
		case len(command) < 3 || command[0] != "systemctl":
		case slices.Contains(command, "mask"):
			m.Masked = append(m.Masked, name...)
		case slices.Contains(command, "enable"):
			m.Enabled = append(m.Enabled, name...)
		}
	}
	return m, nil
}

func permissions(text string) (int, error) {
	if text == "" {
		return 0o644, nil // cloud-init's default
	}
	mode, err := strconv.ParseInt(text, 8, 32)
	return int(mode), err
}

func decoded(text, encoding string) ([]byte, error) {
	if encoding == "" {
		return []byte(text), nil
	}
	if encoding != "b64" && encoding != "gz+b64" {
		return nil, errors.New("its encoding is neither b64 nor gz+b64")
	}
	content, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return nil, errors.New("its base64 is damaged")
	}
	if encoding == "gz+b64" {
		return gunzip(content)
	}
	return content, nil
}
