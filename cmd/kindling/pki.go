package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"

	"kindling/generator"
	"kindling/generator/spec"
	"kindling/pki"
	"kindling/pki/store"

	"github.com/urfave/cli/v2"
)

func (p *program) pkiCommand() *cli.Command {
	return &cli.Command{
		Name:  "pki",
		Usage: "make, show, renew, rotate and seal keys and certificates",
		UsageText: `kindling pki init
kindling pki show
kindling pki renew
kindling pki rotate ca --stage trust
kindling pki seal --recipient team.txt`,
		Subcommands: []*cli.Command{
			{
				Name:  "init",
				Usage: "make the missing keys and certificates; overwrite nothing",
				UsageText: `kindling pki init
kindling pki init -f cluster.yaml --pki ~/keys/demo`,
				Flags:  keyFlags(),
				Action: p.pkiInit,
			},
			{
				Name:  "show",
				Usage: "list all certificates",
				UsageText: `kindling pki show
kindling pki show -o json | jq -r '.[] | .notAfter + " " + .file' | sort`,
				Flags: []cli.Flag{
					fileFlag(), pkiFlag(),
					&cli.StringFlag{Name: "output", Aliases: []string{"o"}, Value: "text", Usage: "print as `FORM`: text or json"},
				},
				Action: p.pkiShow,
			},
			p.pkiRenewCommand(), p.pkiRotateCommand(), p.pkiSealCommand(),
		},
	}
}

func (p *program) pkiInit(ctx *cli.Context) error {
	return p.changePKI(ctx, func(cluster *spec.Cluster, dir *store.PKI) error {
		bundle := pki.Load(generator.Request(cluster), dir.Read)
		progress := p.startProgress(len(bundle.Missing()))
		err := located(ctx, bundle.Complete(p.now(), progress.counting(dir.Add)))
		switch progress.end(); {
		case progress.done > 0:
			p.note("made %s in %s; keep a copy in a safe place", counted(progress.done, "file", "files"), dir)
		case err == nil:
			p.note("%s already has everything that this cluster needs", dir)
		}
		p.warnEnding(ctx, bundle)
		p.warnTracked(dir.String(), secretFiles)
		return err
	})
}

func (p *program) pkiShow(ctx *cli.Context) error {
	dir, err := p.openPKI(ctx)
	if err != nil {
		return err
	}
	names, err := dir.Names()
	if err != nil {
		return err
	}
	certs, problems := pki.Describe(names, dir.Read)
	if err := p.printCertificates(ctx, certs); err != nil {
		return err
	}
	rotations := pki.RotationsOf(names)
	for _, word := range slices.Sorted(maps.Keys(rotations)) {
		p.note("the rotation of %s is in the stage %s", word, rotations[word])
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
