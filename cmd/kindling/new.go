package main

import (
	"fmt"

	"kindling/generator/spec"

	"github.com/urfave/cli/v2"
)

func (p *program) newCommand() *cli.Command {
	return &cli.Command{
		Name:  "new",
		Usage: "print a commented cluster.yaml to start from",
		UsageText: `kindling new > cluster.yaml
kindling new --os flatcar --topology external --workers 5 > cluster.yaml`,
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "topology", Value: "stacked", Usage: "run etcd as `TOPOLOGY`: stacked on the control planes, or external on its own machines"},
			&cli.StringFlag{Name: "os", Value: "ubuntu", Usage: "for machines with this `OS`, and the install method for its stock images"},
			&cli.IntFlag{Name: "control-planes", Value: 3, Usage: "`N` control planes, 1 to 7"},
			&cli.IntFlag{Name: "workers", Value: 2, Usage: "`N` workers"},
		},
		Action: func(ctx *cli.Context) error {
			starter, err := spec.Starter(ctx.String("topology"), ctx.String("os"), ctx.Int("control-planes"), ctx.Int("workers"))
			if err != nil {
				return usageError{err}
			}
			_, err = fmt.Fprint(p.stdout, starter)
			return err
		},
	}
}
