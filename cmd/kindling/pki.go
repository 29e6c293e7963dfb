package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"text/tabwriter"

	"kindling/generator"
	"kindling/pki"

	"github.com/urfave/cli/v2"
)

func (p *program) pkiCommand() *cli.Command {
	return &cli.Command{
		Name:  "pki",
		Usage: "make and show keys and certificates",
		Subcommands: []*cli.Command{
			{
				Name:   "init",
				Usage:  "make what is missing; nothing is overwritten",
				Flags:  []cli.Flag{fileFlag(), pkiFlag()},
				Action: p.pkiInit,
			},
			{
				Name:  "show",
				Usage: "list every certificate",
				Flags: []cli.Flag{
					fileFlag(), pkiFlag(),
					&cli.StringFlag{Name: "output", Aliases: []string{"o"}, Value: "text", Usage: "`FORM` text or json"},
				},
				Action: p.pkiShow,
			},
		},
	}
}

func (p *program) pkiInit(ctx *cli.Context) error {
	cluster, err := p.loadSpec(ctx)
	if err != nil {
		return err
	}
	dir := pkiDir(ctx)
	written, err := pki.Init(dir, generator.Request(cluster), p.now())
	switch {
	case len(written) > 0:
		fmt.Fprintf(p.stderr, "kindling: made %d files in %s: keep a copy of it in a safe place\n", len(written), dir)
	case err == nil:
		fmt.Fprintf(p.stderr, "kindling: %s has all that this cluster needs\n", dir)
	}
	p.warnTracked(dir)
	return err
}

func (p *program) pkiShow(ctx *cli.Context) error {
	bundle, err := pki.LoadDir(pkiDir(ctx))
	if err != nil {
		return err
	}
	certs := bundle.Certificates()
	switch ctx.String("output") {
	case "json":
		encoder := json.NewEncoder(p.stdout)
		encoder.SetIndent("", "  ")
		return encoder.Encode(certs)
	case "text":
	default:
		return usageError{fmt.Errorf("unknown output %q; one of text, json", ctx.String("output"))}
	}
	table := tabwriter.NewWriter(p.stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "FILE\tSUBJECT\tSANS\tALGORITHM\tEXPIRES\tLEFT")
	for _, c := range certs {
		left := c.NotAfter.Sub(p.now()).Hours() / 24
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%.0f days\n",
			c.File, c.Subject, strings.Join(c.SANs, ","), c.Algorithm, c.NotAfter.UTC().Format("2006-01-02 15:04"), left)
	}
	return table.Flush()
}
