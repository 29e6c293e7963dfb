package ignition

import (
	butane "github.com/coreos/butane/config"
	"github.com/coreos/butane/config/common"
)

// Fault is what butane says about a line of a config.
type Fault struct {
	Line int
	Text string
}

// Faults are all errors and warnings of butane's about a config that is not kindling's.
func Faults(source []byte) []Fault {
	_, report, err := butane.TranslateBytes(source, common.TranslateBytesOptions{})
	var faults []Fault
	for _, e := range report.Entries {
		f := Fault{1, e.Message}
		if start := e.Marker.StartP; start != nil {
			f.Line = int(start.Line)
		}
		if e.Context.Len() > 0 {
			f.Text = e.Context.String() + ": " + f.Text
		}
		faults = append(faults, f)
	}
	if err != nil && len(faults) == 0 {
		faults = append(faults, Fault{1, err.Error()})
	}
	return faults
}
