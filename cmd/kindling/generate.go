package main

import (
	"errors"
	"fmt"
	"path/filepath"

	"kindling/generator"
	"kindling/generator/sink"
	"kindling/generator/spec"
	"kindling/pki"

	"github.com/urfave/cli/v2"
)

func (p *program) generateCommand() *cli.Command {
	return &cli.Command{
		Name:  "generate",
		Usage: "write the documents of all machines",
		Flags: []cli.Flag{
			fileFlag(), pkiFlag(),
			&cli.StringFlag{Name: "output", Aliases: []string{"o"}, Value: "out", Usage: "write to `DIR`"},
			&cli.BoolFlag{Name: "prune", Usage: "remove the documents of nodes that are no longer in the cluster"},
		},
		Action: func(ctx *cli.Context) error {
			out := ctx.String("output")
			if out == "-" {
				return usageError{errors.New("generate writes a directory; `kindling node NAME` prints one document")}
			}
			g, err := p.load(ctx, func(c *spec.Cluster) (pki.Request, error) { return generator.Request(c), nil })
			if err != nil {
				return err
			}
			warnings, report, err := write(g, out, ctx.Bool("prune"))
			if err != nil {
				return err
			}
			for _, w := range warnings {
				fmt.Fprintf(p.stderr, "kindling: warning: %s\n", w)
			}
			p.printReport(ctx, report)
			p.warnTracked(out)
			fmt.Fprintf(p.stderr, "kindling: documents for %d nodes in %s; begin with %s\n", len(g.Nodes()), out, filepath.Join(out, "README.md"))
			return nil
		},
	}
}

// write replaces the set in a directory.
func write(g *generator.Generator, out string, prune bool) (warnings []string, report sink.Report, err error) {
	s, err := sink.Directory(out, prune)
	if err != nil {
		return nil, report, err
	}
	if warnings, err = g.Generate(s); err != nil {
		s.Abort()
		return nil, report, err
	}
	report, err = s.Commit()
	return warnings, report, err
}

func (p *program) printReport(ctx *cli.Context, r sink.Report) {
	if len(r.Cleared) > 0 {
		fmt.Fprintf(p.stderr, "kindling: cleared what interrupted runs had left (%s)\n", listed(r.Cleared))
	}
	if len(r.Pruned) > 0 {
		fmt.Fprintf(p.stderr, "kindling: removed nodes or iPXE scripts that are no longer in the cluster (%s)\n", listed(r.Pruned))
	}
	if len(r.Kept) > 0 {
		fmt.Fprintf(p.stderr, "kindling: warning: %s still has nodes or iPXE scripts that are no longer in the cluster (%s); to remove them: %s --prune\n",
			ctx.String("output"), listed(r.Kept), command(ctx, "generate", "output"))
	}
}
