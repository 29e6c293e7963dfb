package spec

import (
	"errors"
	"strconv"
	"strings"

	"github.com/invopop/jsonschema"
)

// PrefixLength is the length of a network's prefix, in bits; in dual stack it can be a pair, "24,64", in the order of the gateways.
type PrefixLength string

// Bits are the lengths.
func (l PrefixLength) Bits() []int {
	var all []int
	for part := range strings.SplitSeq(string(l), ",") {
		bits, _ := strconv.Atoi(part)
		all = append(all, bits)
	}
	return all
}

// UnmarshalText accepts numbers with commas between them.
func (l *PrefixLength) UnmarshalText(text []byte) error {
	for part := range strings.SplitSeq(string(text), ",") {
		if _, err := strconv.ParseUint(part, 10, 8); err != nil {
			return errors.New(`is not a prefix length; write a number, such as 24, or one for each gateway, such as "24,64"`)
		}
	}
	*l = PrefixLength(text)
	return nil
}

// JSONSchema says that a prefix length is a number, or a string with two.
func (PrefixLength) JSONSchema() *jsonschema.Schema {
	return &jsonschema.Schema{
		OneOf: []*jsonschema.Schema{
			{Type: "integer", Minimum: "1", Maximum: "128"},
			{Type: "string", Pattern: `^[0-9]+(,[0-9]+)?$`},
		},
		Description: "The length of a network's prefix, in bits, or one for each gateway.",
		Examples:    []any{24},
	}
}
