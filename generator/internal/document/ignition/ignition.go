// Package ignition translates a Butane config to an Ignition config with butane's own library, so that the command
// `butane --strict` makes the same bytes of the same file. No other package imports butane.
package ignition

import (
	"fmt"

	butane "github.com/coreos/butane/config"
	"github.com/coreos/butane/config/common"
)

// Translate makes an Ignition config of a Butane config. A warning of butane's is an error here.
func Translate(config []byte) ([]byte, error) {
	out, report, err := butane.TranslateBytes(config, common.TranslateBytesOptions{})
	if err != nil {
		return nil, fmt.Errorf("butane: %w\n%s", err, report.String())
	}
	if len(report.Entries) > 0 {
		return nil, fmt.Errorf("butane: %s", report.String())
	}
	return append(out, '\n'), nil
}
