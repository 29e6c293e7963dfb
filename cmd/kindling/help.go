package main

import (
	"encoding/json"
	"fmt"

	"kindling/generator"

	"github.com/urfave/cli/v2"
)

// helpTemplate is the help of the program and of each command. urfave/cli would show UsageText in the place of the usage, which it makes
// itself of flags and arguments; here it has the examples, a shell command a line.
const helpTemplate = `NAME:
   {{template "helpNameTemplate" .}}

USAGE:
   {{.HelpName}}{{if .VisibleCommands}} COMMAND{{end}} [OPTIONS]{{with .ArgsUsage}} {{.}}{{end}}{{with .Description}}

DESCRIPTION:
   {{wrap . 3}}{{end}}{{if .VisibleCommands}}

COMMANDS:{{template "visibleCommandTemplate" .}}{{end}}

OPTIONS:{{template "visibleFlagTemplate" .}}

EXAMPLES:
   {{wrap .UsageText 3}}
`

func (p *program) helpCommand() *cli.Command {
	return &cli.Command{
		Name:      "help",
		Usage:     "say what a command does, and list its flags",
		ArgsUsage: "[COMMAND]",
		UsageText: `kindling help
kindling help pki init`,
		Action: func(ctx *cli.Context) error {
			words, commands := []string{ctx.App.Name}, ctx.App.Commands
			for _, word := range ctx.Args().Slice() {
				next := find(commands, word)
				if next == nil {
					return unknownCommand(word, commands)
				}
				words, commands = append(words, word), next.Subcommands
			}
			return p.app().Run(append(words, "--help"))
		},
	}
}

func (p *program) versionCommand() *cli.Command {
	return &cli.Command{
		Name:  "version",
		Usage: "print the version, and the releases of Kubernetes that it has documents for",
		UsageText: `kindling version
kindling version -o json`,
		Flags: []cli.Flag{&cli.StringFlag{Name: "output", Aliases: []string{"o"}, Value: "text", Usage: "print as `FORM`: text or json"}},
		Action: func(ctx *cli.Context) error {
			switch form := ctx.String("output"); form {
			case "json":
				encoder := json.NewEncoder(p.stdout)
				encoder.SetIndent("", "  ")
				return encoder.Encode(map[string]any{"version": version(), "kubernetes": generator.Releases()})
			case "text":
				_, err := fmt.Fprintf(p.stdout, "kindling %s\nKubernetes %s\n", version(), generator.Releases())
				return err
			default:
				return usageError{fmt.Errorf("unknown output %q; one of text, json", form)}
			}
		},
	}
}
