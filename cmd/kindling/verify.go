package main

import (
	"os"

	"kindling/generator/verify"

	"github.com/urfave/cli/v2"
)

func (p *program) verifyCommand() *cli.Command {
	return &cli.Command{
		Name:        "verify",
		Usage:       "check a finished set of documents as a whole, without cluster.yaml and pki",
		Description: "It exits with 1 if anything is wrong.",
		UsageText:   "kindling verify out",
		ArgsUsage:   "DIR",
		Action: func(ctx *cli.Context) error {
			dir := ctx.Args().First()
			root, err := os.OpenRoot(dir)
			if err != nil {
				return err
			}
			defer root.Close()
			report := verify.Set(root.FS(), p.now())
			for _, w := range report.Warnings {
				p.warn("%v", w)
			}
			for _, problem := range report.Problems {
				p.fail(problem)
			}
			if len(report.Problems) > 0 {
				p.note("%s in %s", counted(len(report.Problems), "problem", "problems"), dir)
				return errReported
			}
			p.note("nothing is wrong with the documents for %s in %s", counted(report.Nodes, "node", "nodes"), dir)
			return nil
		},
	}
}
