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
		Usage:     "print the document for one machine",
		ArgsUsage: "NAME",
		UsageText: `kindling node w0 -o w0.user-data
kindling node w0 --encoding base64 | hcloud server create --name w0 --user-data-from-file -`,
		BashComplete: completeNodes,
		Flags: append(keyFlags(), filesFlag(), outputFlag(),
			&cli.StringFlag{Name: "format", Usage: "print it as `FORMAT`: cloud-init, ignition or butane (default: that of the operating system)"},
			&cli.BoolFlag{Name: "secret", Usage: "print the secret part that goes with it, where cluster.yaml has secrets.delivery: split"},
			&cli.StringFlag{Name: "encoding", Usage: "print it in `ENCODING`: text, gzip or base64 (default: that of the provider)"},
		),
		Action: func(ctx *cli.Context) error {
			format := generator.Format(ctx.String("format"))
			if !slices.Contains([]generator.Format{"", generator.CloudInit, generator.Ignition, generator.Butane}, format) {
				return usageError{fmt.Errorf("unknown format %q; one of cloud-init, ignition, butane", format)}
			}
			encoding := generator.Encoding(ctx.String("encoding"))
			if !slices.Contains([]generator.Encoding{"", generator.Text, generator.Gzip, generator.Base64}, encoding) {
				return usageError{fmt.Errorf("unknown encoding %q; one of text, gzip, base64", encoding)}
			}
			name := ctx.Args().First()
			g, err := p.load(ctx, func(c *spec.Cluster) (pki.Request, error) { return generator.NodeRequest(c, name) })
			if err != nil {
				return err
			}
			if ctx.Bool("secret") {
				part, err := g.SecretPart(name)
				if err != nil {
					return err
				}
				return p.printSecret(ctx, "the secret part of "+name, part)
			}
			document, err := g.Document(name, format, encoding)
			if err != nil {
				return err
			}
			if g.PublicDocuments() && ctx.String("output") == "" {
				_, err := p.stdout.Write(document)
				return err
			}
			return p.printSecret(ctx, "the document for "+name, document)
		},
	}
}
