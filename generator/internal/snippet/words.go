package snippet

import (
	"regexp"

	"go.yaml.in/yaml/v4"
)

// otherThanText are words that YAML 1.1 takes for something else than a text (pyyaml's resolver), without the whole numbers that are
// written as they are read.
var otherThanText = regexp.MustCompile(`^(?:` +
	`|~|null|Null|NULL` +
	`|yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF` +
	`|=|<<` +
	`|[-+]?0b[0-1_]+|[-+]?0[0-7_]+|[-+]?0x[0-9a-fA-F_]+|[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+|[-+][1-9][0-9_]*|[1-9][0-9]*_[0-9_]*` +
	`|[-+]?(?:[0-9][0-9_]*)\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?` +
	`|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)` +
	`|[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{4}-[0-9][0-9]?-[0-9][0-9]?(?:[Tt]|[ \t]+)[0-9][0-9]?:[0-9]{2}:[0-9]{2}.*` +
	`)$`)

// isText reports whether cloud-init reads a text as it is written.
func isText(n *yaml.Node) bool {
	const notPlain = yaml.DoubleQuotedStyle | yaml.SingleQuotedStyle | yaml.LiteralStyle | yaml.FoldedStyle
	return n.Kind == yaml.ScalarNode && n.Tag != "!!binary" && (n.Style&notPlain != 0 || !otherThanText.MatchString(n.Value))
}
