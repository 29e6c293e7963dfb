package main

import (
	"strings"

	"github.com/urfave/cli/v2"
)

// flagsFirst moves flags in front of arguments: both `node cp0 -f x` and `node -f x cp0` work, although urfave/cli treats everything
// after the first argument as arguments.
func flagsFirst(app *cli.App, args []string) []string {
	var command *cli.Command
	at, commands := 1, app.Commands
	for at < len(args) {
		next := find(commands, args[at])
		if next == nil {
			break
		}
		command, commands = next, next.Subcommands
		at++
	}
	if command == nil {
		return args
	}
	var flags, rest []string
	for i := at; i < len(args); i++ {
		switch arg := args[i]; {
		case arg == "--":
			rest = append(rest, args[i+1:]...)
			i = len(args)
		case len(arg) < 2 || arg[0] != '-':
			rest = append(rest, arg)
		default:
			flags = append(flags, arg)
			if takesValue(command, arg) {
				if i++; i == len(args) { // urfave/cli must not take what comes next for the value
					return append(append([]string{}, args[:at]...), flags...)
				}
				flags = append(flags, args[i])
			}
		}
	}
	out := append(append([]string{}, args[:at]...), flags...)
	if len(rest) > 0 {
		out = append(append(out, "--"), rest...)
	}
	return out
}

func find(commands []*cli.Command, name string) *cli.Command {
	for _, c := range commands {
		if c.HasName(name) {
			return c
		}
	}
	return nil
}

// takesValue reports whether the value of the flag is the next argument.
func takesValue(c *cli.Command, arg string) bool {
	name := strings.TrimLeft(arg, "-")
	if strings.Contains(name, "=") {
		return false
	}
	for _, f := range c.Flags {
		for _, n := range f.Names() {
			if n == name {
				flag, ok := f.(cli.DocGenerationFlag)
				return ok && flag.TakesValue()
			}
		}
	}
	return false
}
