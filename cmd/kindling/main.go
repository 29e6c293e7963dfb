// Command kindling turns one cluster.yaml into a boot document for each machine of a highly available Kubernetes cluster.
//
// main.go has the frame: the list of commands, the exit codes, and where output goes. Each command has its own file.
package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"strings"
	"time"

	"github.com/urfave/cli/v2"
)

// The exit codes.
const (
	exitFailure = 1 // invalid input or failure
	exitUsage   = 2
)

func main() {
	// A run is short and small. Less garbage collection saves a tenth of the work, and costs some 20 MB at a thousand nodes.
	debug.SetGCPercent(400)
	os.Exit(run(os.Args, os.Stdin, &stdoutFile{file: os.Stdout}, os.Stderr, time.Now))
}

// program is what the commands share: their streams and the clock.
type program struct {
	stdin          io.Reader
	stdout, stderr io.Writer
	now            func() time.Time
	quiet          bool
}

// errReported is a failure that has already been reported on stderr.
var errReported = errors.New("reported")

func run(args []string, stdin io.Reader, stdout, stderr io.Writer, now func() time.Time) int {
	p := &program{stdin: stdin, stdout: stdout, stderr: stderr, now: now}
	app := p.app()
	if args[len(args)-1] != completing {
		args = flagsFirst(app, args)
	}
	err := app.Run(args)
	if out, ok := stdout.(*stdoutFile); ok && err == nil {
		err = out.failed // urfave/cli does not tell when it cannot print the help
	}
	switch usage := (usageError{}); {
	case err == nil:
		return 0
	case errors.Is(err, errReported):
		return exitFailure
	case errors.As(err, &usage):
		p.fail(usage)
		p.note("kindling --help lists the commands, and kindling COMMAND --help the flags of one")
		return exitUsage
	default:
		p.fail(err)
		return exitFailure
	}
}

func (p *program) app() *cli.App {
	app := &cli.App{
		Name:  "kindling",
		Usage: "turn one cluster.yaml into a boot document for each machine of a highly available Kubernetes cluster",
		Description: "One cluster.yaml describes the cluster; each machine gets one cloud-init or Ignition document, and becomes its part of the cluster " +
			"on its first boot. Documents go to a directory or to standard output, everything else to standard error.",
		UsageText: `kindling new > cluster.yaml
kindling lock
kindling pki init
kindling generate`,
		CustomAppHelpTemplate: helpTemplate,
		Version:               version(),
		Writer:                p.stdout,
		ErrWriter:             p.stderr,
		EnableBashCompletion:  true,
		HideHelpCommand:       true,
		Flags:                 []cli.Flag{cli.HelpFlag}, // which urfave/cli leaves out where there is a command of its name
		// urfave/cli would exit by itself, and print the usage on stdout.
		ExitErrHandler: func(*cli.Context, error) {},
		OnUsageError:   onUsageError(nil, flagsLast),
		// Flags may be repeated. A comma is part of a file's name.
		DisableSliceFlagSeparator: true,
		Action: func(ctx *cli.Context) error {
			if name := ctx.Args().First(); name != "" {
				return unknownCommand(name, ctx.App.Commands)
			}
			return usageError{errors.New("no command given")}
		},
		Commands: []*cli.Command{
			p.newCommand(), p.pkiCommand(), p.lockCommand(), p.validateCommand(), p.planCommand(), p.generateCommand(), p.diffCommand(), p.verifyCommand(), p.serveCommand(), p.nodeCommand(),
			p.kubeconfigCommand(), p.tokenCommand(), p.schemaCommand(), p.completionCommand(), p.versionCommand(), p.helpCommand(),
			p.manCommand(),
		},
	}
	p.guard(app.Commands)
	return app
}

// guard gives every command the flag --quiet, and refuses command lines that urfave/cli would accept.
func (p *program) guard(commands []*cli.Command) {
	for _, c := range commands {
		c.HideHelpCommand = true
		c.CustomHelpTemplate = helpTemplate
		p.guard(c.Subcommands)
		if c.Subcommands != nil {
			c.Action = wantsSubcommand
			c.OnUsageError = onUsageError(nil, flagsLast)
			continue
		}
		c.Flags = append(c.Flags, &cli.BoolFlag{Name: "quiet", Aliases: []string{"q"}, DisableDefaultText: true, Usage: "print only warnings and errors", Destination: &p.quiet})
		c.OnUsageError = onUsageError(c.Flags, "")
		action, want := c.Action, c.ArgsUsage
		c.Action = func(ctx *cli.Context) error {
			switch {
			case ctx.String("file") == "-" && ctx.String("pki") == archived:
				return usageError{errors.New("the cluster's file and the PKI cannot both come from standard input")}
			case want == "" && ctx.NArg() > 0:
				return usageError{fmt.Errorf("%s takes no arguments, but got %q", ctx.Command.Name, ctx.Args().First())}
			case want != "" && want[0] != '[' && !strings.HasSuffix(want, "...") && ctx.NArg() != 1:
				return usageError{fmt.Errorf("%s takes one argument, %s, but got %d", ctx.Command.Name, want, ctx.NArg())}
			}
			if err := checkEmpty(ctx, c.Flags); err != nil {
				return err
			}
			return action(ctx)
		}
	}
}

// version is the release that the build sets, or what Go recorded about the module and its repository.
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
