package snippet

import (
	"regexp"
	"strings"

	"go.yaml.in/yaml/v4"
)

// restarts are commands that end the boot which they are a part of.
var restarts = regexp.MustCompile(`(?m)(?:^|[;&|(]|\bthen|\bdo|\bexec|\bsudo)\s*(?:/usr)?(?:/s?bin/)?(?:reboot|poweroff|halt|shutdown|init [06]|systemctl (?:-\S+ )*(?:reboot|poweroff|halt|kexec))(?:$|[\s;&|)])`)

// script is the sh script that cloud-init makes of a list of commands (cloudinit.util.shellify). In kindling's document it is a value of
// its own: one that does not parse, or that calls exit, ends itself and no more.
func script(key string, list *yaml.Node) (string, []error) {
	if list == nil {
		return "", nil
	}
	if list.Kind != yaml.SequenceNode {
		return "", []error{faultAt(list, "%s must be a list of commands", key)}
	}
	var (
		out  strings.Builder
		errs []error
	)
	for _, command := range list.Content {
		line := command.Value
		switch {
		case command.Tag == "!!null":
			continue
		case command.Kind == yaml.SequenceNode:
			words := make([]string, len(command.Content))
			for i, word := range command.Content {
				words[i] = "'" + strings.ReplaceAll(word.Value, "'", `'\''`) + "'"
				if !isText(word) {
					errs = append(errs, faultAt(word, "%s: put %s in quotes: YAML takes it for something else than a text", key, word.Value))
				}
			}
			line = strings.Join(words, " ")
		case !isText(command):
			errs = append(errs, faultAt(command, "%s: a command is a text or a list of words; put it in quotes", key))
		}
		if plain := strings.ReplaceAll(line, "'", ""); restarts.MatchString(plain) {
			errs = append(errs, faultAt(command, "%s must not restart the machine: until all of it has run it begins anew at every boot; restart with package_reboot_if_required, or when the cluster is there", key))
		}
		out.WriteString(line + "\n")
	}
	return out.String(), errs
}
