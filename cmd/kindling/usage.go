package main

import (
	"fmt"
	"os"
	"slices"
	"strings"

	"kindling/generator/spec"

	"github.com/urfave/cli/v2"
)

// usageError is a command line that cannot be understood.
type usageError struct{ error }

func unknownCommand(got string, commands []*cli.Command) error {
	return usageError{fmt.Errorf("unknown command %q%s", got, spec.DidYouMean(got, commandNames(commands)))}
}

func commandNames(commands []*cli.Command) (names []string) {
	for _, c := range commands {
		if !c.Hidden {
			names = append(names, c.Name)
		}
	}
	return names
}

func wantsSubcommand(ctx *cli.Context) error {
	list := strings.Join(commandNames(ctx.Command.Subcommands), ", ")
	if got := ctx.Args().First(); got != "" {
		return usageError{fmt.Errorf("unknown command \"%s %s\"; one of %s", ctx.Command.Name, got, list)}
	}
	return usageError{fmt.Errorf("%s needs a command: one of %s", ctx.Command.Name, list)}
}

// flagsLast is the advice for flags in front of a command.
const flagsLast = "; the flags of a command come after its name"

// onUsageError adds what the user probably meant to what the standard library says of an unknown flag, and the advice.
func onUsageError(flags []cli.Flag, advice string) cli.OnUsageErrorFunc {
	return func(_ *cli.Context, err error, _ bool) error {
		name, unknown := strings.CutPrefix(err.Error(), "flag provided but not defined: ")
		if !unknown {
			return usageError{err}
		}
		var options []string
		for _, f := range flags {
			options = append(options, "--"+f.Names()[0])
		}
		name = "-" + name
		if len(name) == len("--x") {
			name = name[1:]
		}
		return usageError{fmt.Errorf("unknown flag %s%s%s", name, spec.DidYouMean(name, options), advice)}
	}
}

// checkEmpty refuses flags without a value, as in `-o "$DIR"` where DIR is not set. An empty variable in the environment counts as none.
func checkEmpty(ctx *cli.Context, flags []cli.Flag) error {
	for _, f := range flags {
		text, ok := f.(*cli.StringFlag)
		if !ok || !ctx.IsSet(text.Name) || ctx.String(text.Name) != "" {
			continue
		}
		emptyVariable := slices.ContainsFunc(text.EnvVars, func(name string) bool {
			value, set := os.LookupEnv(name)
			return set && value == ""
		})
		if !emptyVariable {
			return usageError{fmt.Errorf("the value of --%s is empty", text.Name)}
		}
	}
	return nil
}
