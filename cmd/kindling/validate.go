package main

import (
	"strings"

	"kindling/generator"
	"kindling/generator/lock"
	"kindling/generator/spec"

	"github.com/urfave/cli/v2"
)

func (p *program) validateCommand() *cli.Command {
	return &cli.Command{
		Name:  "validate",
		Usage: "report everything that is wrong with the cluster's file",
		UsageText: `kindling validate
kindling new | kindling validate -f -`,
		Flags: []cli.Flag{fileFlag(), filesFlag()},
		Action: func(ctx *cli.Context) error {
			cluster, err := p.loadWhole(ctx)
			if err != nil {
				return err
			}
			if err := generator.Supported(cluster); err != nil {
				p.warn("%v", err)
			}
			pinned, err := readLock(lockFile(ctx))
			if err != nil {
				return err
			}
			if missing := pinned.Missing(lock.Wanted(cluster)); len(missing) > 0 {
				p.warn("%s does not pin %s, without which no documents can be made: run kindling lock", lock.FileName, strings.Join(missing, ", "))
			}
			p.note("%s is valid: cluster %s with %s", specName(ctx), cluster.Name, counted(len(cluster.Nodes), "node", "nodes"))
			return nil
		},
	}
}

func (p *program) schemaCommand() *cli.Command {
	return &cli.Command{
		Name:      "schema",
		Usage:     "print the JSON schema of the cluster's file",
		UsageText: `kindling schema > cluster.schema.json`,
		Action: func(*cli.Context) error {
			schema, err := spec.Schema()
			if err != nil {
				return err
			}
			_, err = p.stdout.Write(schema)
			return err
		},
	}
}
