package main

import (
	"fmt"

	"kindling/generator"

	"github.com/urfave/cli/v2"
)

func (p *program) kubeconfigCommand() *cli.Command {
	return &cli.Command{
		Name:  "kubeconfig",
		Usage: "print the administrator's kubeconfig",
		Flags: []cli.Flag{
			fileFlag(), pkiFlag(),
			&cli.BoolFlag{Name: "super-admin", Usage: "rights that no role binding in the cluster can take away"},
		},
		Action: func(ctx *cli.Context) error {
			cluster, err := p.loadSpec(ctx)
			if err != nil {
				return err
			}
			super := ctx.Bool("super-admin")
			request, err := generator.KubeconfigRequest(cluster, super)
			if err != nil {
				return err
			}
			bundle, err := p.loadPKI(ctx, request)
			if err != nil {
				return err
			}
			p.warnTerminal("the kubeconfig")
			if !super && cluster.Version().HasSuperAdmin() {
				fmt.Fprintln(p.stderr, "kindling: this kubeconfig works once a control plane has finished its step `cluster`; --super-admin works before")
			}
			_, err = p.stdout.Write(generator.Kubeconfig(cluster, bundle, super))
			return err
		},
	}
}
