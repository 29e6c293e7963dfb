package main

import (
	"time"

	"kindling/generator"

	"github.com/urfave/cli/v2"
)

func (p *program) tokenCommand() *cli.Command {
	return &cli.Command{
		Name:  "token",
		Usage: "print the bootstrap token as a Secret, for a cluster in which it has expired",
		UsageText: `kindling token | kubectl apply -f -
kindling token --new | kubectl apply -f -`,
		Flags: append(keyFlags(), outputFlag(),
			&cli.BoolFlag{Name: "new", DisableDefaultText: true, Usage: "make another token, and end the old one"},
		),
		Action: func(ctx *cli.Context) error {
			cluster, err := p.loadSpec(ctx)
			if err != nil {
				return err
			}
			dir, err := p.openPKI(ctx)
			if err != nil {
				return err
			}
			if ctx.Bool("new") {
				unlock, err := dir.Lock()
				if err != nil {
					return err
				}
				defer unlock()
			}
			bundle, err := p.loadPKI(ctx, generator.TokenRequest(cluster))
			if err != nil {
				return err
			}
			var end []byte
			if ctx.Bool("new") {
				if end, err = bundle.ReplaceToken(dir.Replace); err != nil {
					return err
				}
				end = append(end, "---\n"...)
				p.note("another token is in %s; run kindling generate again: machines that boot with the old one will not join", dir)
			}
			var expires time.Time
			if ttl := cluster.BootstrapToken.TTL.Std(); ttl > 0 {
				expires = p.now().Add(ttl)
				p.note("this token expires at %s", expires.UTC().Format(time.RFC3339))
			}
			return p.printSecret(ctx, "the token", append(end, bundle.TokenSecret(expires)...))
		},
	}
}
