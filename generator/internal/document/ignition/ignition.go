// Package ignition makes Ignition configs. Each is translated from a Butane config with butane's own library, so the command
// `butane --strict` makes the same bytes of the same file, and is read by Ignition's own parser before it leaves. No other package
// imports butane or Ignition.
package ignition

import (
	"encoding/base64"
	"encoding/json"
	"fmt"

	"kindling/generator/internal/node"

	butane "github.com/coreos/butane/config"
	"github.com/coreos/butane/config/common"
	"github.com/coreos/ignition/v2/config"
)

// Translate makes an Ignition config of a Butane config. A warning of butane's is an error here.
func Translate(source []byte) ([]byte, error) {
	out, report, err := butane.TranslateBytes(source, common.TranslateBytesOptions{})
	if err != nil {
		return nil, fmt.Errorf("butane: %w\n%s", err, report.String())
	}
	if len(report.Entries) > 0 {
		return nil, fmt.Errorf("butane: %s", report.String())
	}
	return checked(append(out, '\n'))
}

// Packed is a config that Ignition replaces by the given one, which it carries in gzip: `ignition.config.replace` with a data URL
// (Ignition's configuration specification, from 3.1). Both have the same version.
func Packed(whole []byte) ([]byte, error) {
	var version struct {
		Ignition struct{ Version string }
	}
	if err := json.Unmarshal(whole, &version); err != nil {
		return nil, err
	}
	var out pointer
	out.Ignition.Version = version.Ignition.Version
	out.Ignition.Config.Replace.Source = "data:;base64," + base64.StdEncoding.EncodeToString(node.Gzip(whole))
	out.Ignition.Config.Replace.Compression = "gzip"
	raw, err := json.Marshal(out)
	if err != nil {
		return nil, err
	}
	return checked(append(raw, '\n'))
}

// pointer is the part of types.Config that Packed uses. Ignition's own struct would print every field that is not set.
type pointer struct {
	Ignition struct {
		Config struct {
			Replace struct {
				Compression string `json:"compression"`
				Source      string `json:"source"`
			} `json:"replace"`
		} `json:"config"`
		Version string `json:"version"`
	} `json:"ignition"`
}

// checked lets Ignition's own parser look at a config.
func checked(raw []byte) ([]byte, error) {
	_, report, err := config.Parse(raw)
	if err != nil {
		return nil, fmt.Errorf("ignition: %w\n%s", err, report.String())
	}
	if len(report.Entries) > 0 {
		return nil, fmt.Errorf("ignition: %s", report.String())
	}
	return raw, nil
}
