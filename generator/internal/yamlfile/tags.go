package yamlfile

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"
)

// checkTag checks a value against the listed values or the limits in the tag of its field.
func (d *decoder) checkTag(n *yaml.Node, f *Field, v reflect.Value) {
	switch {
	case f.Enum != nil && !slices.Contains(f.Enum, v.String()) && !d.faulty[d.path.String()]:
		d.refuseUnlisted(n, f, v)
	case f.limited && !d.faulty[d.path.String()]:
		d.checkLimits(n, f, reflect.Indirect(v))
	}
}

func (d *decoder) checkLimits(n *yaml.Node, f *Field, v reflect.Value) {
	switch i := v.Int(); {
	case i < f.minimum && f.minimum == 0:
		d.refuse(n, fmt.Sprintf("must not be negative, but is %v", v))
	case i < f.minimum && f.minimum == 1:
		d.refuse(n, fmt.Sprintf("must be positive, not %v", v))
	case i < f.minimum:
		d.refuse(n, fmt.Sprintf("must be at least %d, not %v", f.minimum, v))
	case f.maximum > 0 && i > f.maximum:
		d.refuse(n, fmt.Sprintf("must be at most %d, not %v", f.maximum, v))
	}
}

func (d *decoder) refuseUnlisted(n *yaml.Node, f *Field, v reflect.Value) {
	options := strings.Join(f.Enum, ", ")
	if len(f.Enum) > 1 {
		options = "one of " + options
	} else {
		options = "must be " + options
	}
	d.refuse(n, fmt.Sprintf("unknown %s %s; %s%s", f.Name, Quote(v.String()), options, DidYouMean(v.String(), f.Enum)))
	v.SetZero()
}
