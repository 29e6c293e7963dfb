// Command kindling turns one cluster.yaml into one boot document per machine of a highly available Kubernetes cluster.
//
// main.go has the frame: the list of commands, exit codes and where output goes. Each command is a file of its own.
package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"time"

	"github.com/urfave/cli/v2"
)

// The exit codes.
const (
	exitFailure = 1 // invalid input or failure
	exitUsage   = 2
)

func main() {
	// A run is short and small: less garbage collection is a tenth less work, for some 20 MB at a thousand nodes.
	debug.SetGCPercent(400)
	os.Exit(run(os.Args, os.Stdin, &stdout{file: os.Stdout}, os.Stderr, time.Now))
}

// program is what the commands share: their streams and the clock.
type program struct {
	stdin          io.Reader
	stdout, stderr io.Writer
	now            func() time.Time
}

// usageError is a command line that cannot be understood.
type usageError struct{ error }

// errReported is a failure that stderr has already been told about.
var errReported = errors.New("reported")

func run(args []string, stdin io.Reader, stdout, stderr io.Writer, now func() time.Time) int {
	p := &program{stdin, stdout, stderr, now}
	app := p.app()
	err := app.Run(flagsFirst(app, args))
	switch usage := (usageError{}); {
	case err == nil:
		return 0
	case errors.Is(err, errReported):
		return exitFailure
	case errors.As(err, &usage):
		fmt.Fprintf(stderr, "kindling: %v\nSee kindling --help.\n", usage.error)
		return exitUsage
	default:
		fmt.Fprintf(stderr, "kindling: %v\n", err)
		return exitFailure
	}
}

func (p *program) app() *cli.App {
	app := &cli.App{
		Name:                 "kindling",
		Usage:                "one cluster.yaml in, one boot document per machine of a highly available Kubernetes cluster out",
		Version:              version(),
		Writer:               p.stdout,
		ErrWriter:            p.stderr,
		EnableBashCompletion: true,
		HideHelpCommand:      true,
		// urfave/cli would exit by itself, and print usage on stdout.
		ExitErrHandler: func(*cli.Context, error) {},
		OnUsageError:   onUsageError,
		Action: func(ctx *cli.Context) error {
			if name := ctx.Args().First(); name != "" {
				return usageError{fmt.Errorf("unknown command %q. %s", name, cli.SuggestCommand(ctx.App.Commands, name))}
			}
			return usageError{errors.New("which command?")}
		},
		Commands: []*cli.Command{
			p.newCommand(), p.pkiCommand(), p.validateCommand(), p.planCommand(), p.generateCommand(), p.nodeCommand(),
			p.kubeconfigCommand(), p.tokenCommand(), p.schemaCommand(), p.completionCommand(),
		},
	}
	guard(app.Commands)
	return app
}

// guard makes every command refuse what urfave/cli would let pass.
func guard(commands []*cli.Command) {
	for _, c := range commands {
		c.OnUsageError = onUsageError
		c.HideHelpCommand = true
		guard(c.Subcommands)
		if c.Subcommands != nil {
			c.Action = func(ctx *cli.Context) error {
				return usageError{fmt.Errorf("%s needs one of its commands, not %q", ctx.Command.Name, ctx.Args().First())}
			}
			continue
		}
		action, want := c.Action, c.ArgsUsage
		c.Action = func(ctx *cli.Context) error {
			switch {
			case want == "" && ctx.NArg() > 0:
				return usageError{fmt.Errorf("%s takes no argument, but got %q", ctx.Command.Name, ctx.Args().First())}
			case want != "" && ctx.NArg() != 1:
				return usageError{fmt.Errorf("%s takes one argument, %s, but got %d", ctx.Command.Name, want, ctx.NArg())}
			}
			return action(ctx)
		}
	}
}

func onUsageError(_ *cli.Context, err error, _ bool) error { return usageError{err} }

// version is what the build was given, or what Go recorded of the module and its repository.
func version() string {
	if release != "" {
		return release
	}
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" {
		return "(devel)"
	}
	return info.Main.Version
}

// release is set by the Makefile.
var release string
