package main

import (
	"encoding/json"
	"fmt"

	"kindling/generator"

	"github.com/urfave/cli/v2"
)

func (p *program) helpCommand() *cli.Command {
	return &cli.Command{
		Name:      "help",
		Usage:     "say what a command does, and list its flags",
		ArgsUsage: "[COMMAND]",
		Action: func(ctx *cli.Context) error {
			words, commands := []string{ctx.App.Name}, ctx.App.Commands
			for _, word := range ctx.Args().Slice() {
				next := find(commands, word)
				if next == nil {
					return usageError{fmt.Errorf("unknown command %q. %s", word, cli.SuggestCommand(commands, word))}
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
