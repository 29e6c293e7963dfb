package main

import (
	"fmt"
	"slices"

	"kindling/generator"
	"kindling/generator/spec"
	"kindling/pki"

	"github.com/urfave/cli/v2"
)

func (p *program) nodeCommand() *cli.Command {
	return &cli.Command{
		Name:      "node",
		Usage:     "print the document of one machine",
		ArgsUsage: "NAME",
		Flags: []cli.Flag{
			fileFlag(), pkiFlag(),
			&cli.StringFlag{Name: "format", Usage: "`FORMAT` cloud-init, ignition or butane (default: the operating system's)"},
		},
		Action: func(ctx *cli.Context) error {
			format := generator.Format(ctx.String("format"))
			if !slices.Contains([]generator.Format{"", generator.CloudInit, generator.Ignition, generator.Butane}, format) {
				return usageError{fmt.Errorf("unknown format %q; one of cloud-init, ignition, butane", format)}
			}
			name := ctx.Args().First()
			g, err := p.load(ctx, func(c *spec.Cluster) (pki.Request, error) { return generator.NodeRequest(c, name) })
			if err != nil {
				return err
			}
			document, err := g.Document(name, format)
			if err != nil {
				return err
			}
			p.warnTerminal("the document of " + name)
			_, err = p.stdout.Write(document)
			return err
		},
	}
}
