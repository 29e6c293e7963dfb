package main

import (
	"fmt"
	"os"
	"strings"

	"kindling/generator/spec"

	"github.com/urfave/cli/v2"
)

// bashCompletion asks the program itself, through a hidden flag of urfave/cli, which completes nothing after "--". zsh reads it through
// bashcompinit.
const bashCompletion = `_kindling() {
	local words=("${COMP_WORDS[@]:0:$COMP_CWORD}") word=${COMP_WORDS[COMP_CWORD]} IFS=$'\n'
	[[ $word != -* ]] || words+=("${word/#--/-}")
	COMPREPLY=($(compgen -W "$("${words[@]}" --generate-bash-completion 2>/dev/null)" -- "$word"))
}
complete -o default -F _kindling kindling
`

// completing is urfave/cli's own flag: what comes before it is to be completed.
const completing = "--generate-bash-completion"

// fishNodes adds what urfave/cli's script for fish lacks: the names of nodes.
const fishNodes = "complete -c kindling -n '__fish_seen_subcommand_from node' -f -a '(kindling node " + completing + " 2>/dev/null)'\n"

func (p *program) completionCommand() *cli.Command {
	return &cli.Command{
		Name:      "completion",
		Usage:     "print a completion script for a shell",
		ArgsUsage: "bash|zsh|fish",
		UsageText: `source <(kindling completion bash)
kindling completion zsh >> ~/.zshrc
kindling completion fish > ~/.config/fish/completions/kindling.fish`,
		Action: func(ctx *cli.Context) error {
			script := bashCompletion
			switch shell := ctx.Args().First(); shell {
			case "bash":
			case "zsh":
				script = "autoload -U +X bashcompinit && bashcompinit\n" + script
			case "fish":
				var err error
				if script, err = ctx.App.ToFishCompletion(); err != nil {
					return err
				}
				script += "\n" + fishNodes
			default:
				return usageError{fmt.Errorf("unknown shell %q; one of bash, zsh, fish", shell)}
			}
			_, err := fmt.Fprint(p.stdout, script)
			return err
		},
	}
}

// completeNodes completes the names of nodes, as far as the cluster's file can be read.
func completeNodes(ctx *cli.Context) {
	if strings.HasPrefix(os.Args[len(os.Args)-2], "-") { // the last is urfave/cli's own flag
		cli.DefaultCompleteWithFlags(ctx.Command)(ctx)
		return
	}
	data, err := os.ReadFile(specName(ctx))
	if err != nil {
		return
	}
	if cluster, _ := spec.Load(data, spec.Local{}); cluster != nil {
		for _, n := range cluster.Nodes {
			fmt.Fprintln(ctx.App.Writer, n.Name)
		}
	}
}
