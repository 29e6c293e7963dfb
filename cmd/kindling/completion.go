package main

import (
	"fmt"

	"github.com/urfave/cli/v2"
)

// bashCompletion asks the program itself, through a hidden flag of urfave/cli. zsh reads it through bashcompinit.
const bashCompletion = `_kindling() {
	local words=("${COMP_WORDS[@]:0:COMP_CWORD}") word=${COMP_WORDS[COMP_CWORD]} IFS=$'\n'
	[[ $word != -* ]] || words+=("$word")
	COMPREPLY=($(compgen -W "$("${words[@]}" --generate-bash-completion 2>/dev/null)" -- "$word"))
}
complete -o default -F _kindling kindling
`

func (p *program) completionCommand() *cli.Command {
	return &cli.Command{
		Name:      "completion",
		Usage:     "print a completion script for a shell",
		ArgsUsage: "bash|zsh|fish",
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
			default:
				return usageError{fmt.Errorf("unknown shell %q; one of bash, zsh, fish", shell)}
			}
			_, err := fmt.Fprint(p.stdout, script)
			return err
		},
	}
}
