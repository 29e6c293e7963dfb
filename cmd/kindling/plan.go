package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"text/tabwriter"

	"kindling/generator"

	"github.com/urfave/cli/v2"
)

func (p *program) planCommand() *cli.Command {
	return &cli.Command{
		Name:  "plan",
		Usage: "print the steps of each machine's first boot",
		UsageText: `kindling plan
kindling plan -o mermaid > boot-order.mmd`,
		Flags: []cli.Flag{
			fileFlag(),
			&cli.StringFlag{Name: "output", Aliases: []string{"o"}, Value: "text", Usage: "print as `FORM`: text, json or mermaid"},
		},
		Action: func(ctx *cli.Context) error {
			cluster, err := p.loadSpec(ctx)
			if err != nil {
				return err
			}
			switch form := ctx.String("output"); form {
			case "mermaid":
				_, err := fmt.Fprint(p.stdout, generator.BootOrder(cluster))
				return err
			case "json":
				encoder := json.NewEncoder(p.stdout)
				encoder.SetIndent("", "  ")
				return encoder.Encode(generator.Boots(cluster))
			case "text":
				table := tabwriter.NewWriter(p.stdout, 0, 0, 2, ' ', 0)
				fmt.Fprintln(table, "NODE\tROLE\tADDRESS\tFORMAT\tSTEPS")
				for _, b := range generator.Boots(cluster) {
					fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\n", b.Node, b.Role, b.Address, b.Format, strings.Join(b.Steps, " "))
				}
				return table.Flush()
			default:
				return usageError{fmt.Errorf("unknown output %q; one of text, json, mermaid", form)}
			}
		},
	}
}
