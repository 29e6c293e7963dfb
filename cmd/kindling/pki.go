package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"text/tabwriter"

	"kindling/generator"
	"kindling/pki"
	"kindling/pki/store"

	"github.com/urfave/cli/v2"
)

func (p *program) pkiCommand() *cli.Command {
	return &cli.Command{
		Name:  "pki",
		Usage: "make, show and renew keys and certificates",
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
			p.pkiRenewCommand(),
		},
	}
}

func (p *program) pkiInit(ctx *cli.Context) error {
	cluster, err := p.loadSpec(ctx)
	if err != nil {
		return err
	}
	dir := store.Directory(pkiDir(ctx))
	unlock, err := dir.Lock()
	if err != nil {
		return err
	}
	defer unlock()
	bundle := pki.Load(generator.Request(cluster), dir.Read)
	progress := p.startProgress(len(bundle.Missing()))
	err = located(ctx, bundle.Complete(p.now(), progress.counting(dir.Add)))
	switch progress.end(); {
	case progress.done > 0:
		fmt.Fprintf(p.stderr, "kindling: made %s in %s: keep a copy of it in a safe place\n", counted(progress.done, "file", "files"), dir)
	case err == nil:
		fmt.Fprintf(p.stderr, "kindling: %s has all that this cluster needs\n", dir)
	}
	p.warnEnding(ctx, bundle)
	p.warnTracked(string(dir))
	return err
}

func (p *program) pkiShow(ctx *cli.Context) error {
	dir := store.Directory(pkiDir(ctx))
	names, err := dir.Names()
	if err != nil {
		return err
	}
	certs, problems := pki.Describe(names, dir.Read)
	if err := p.printCertificates(ctx, certs); err != nil {
		return err
	}
	return located(ctx, problems)
}

func (p *program) printCertificates(ctx *cli.Context, certs []pki.Certificate) error {
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
