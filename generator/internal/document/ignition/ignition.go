// Package ignition makes Ignition configs. Each is translated from a Butane config with butane's own library, so the command
// `butane --strict` makes the same bytes of the same file, and is read by Ignition's own parser before it leaves. No other package
// imports butane or Ignition.
package ignition

import (
	"fmt"

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
