package main

import (
	"kindling/generator"

	"github.com/urfave/cli/v2"
)

func (p *program) kubeconfigCommand() *cli.Command {
	return &cli.Command{
		Name:  "kubeconfig",
		Usage: "print the administrator's kubeconfig",
		UsageText: `kindling kubeconfig -o admin.conf
kindling kubeconfig --super-admin -o super-admin.conf`,
		Flags: append(keyFlags(), outputFlag(),
			&cli.BoolFlag{Name: "super-admin", DisableDefaultText: true, Usage: "with rights that do not depend on a role binding in the cluster"},
		),
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
			if !super && cluster.Version().HasSuperAdmin() {
				p.note("this kubeconfig works once a control plane has finished the step cluster; before that, use --super-admin")
			}
			return p.printSecret(ctx, "the kubeconfig", generator.Kubeconfig(cluster, bundle, super))
		},
	}
}
