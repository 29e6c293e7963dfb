package main

import (
	"fmt"
	"time"

	"kindling/generator"

	"github.com/urfave/cli/v2"
)

func (p *program) tokenCommand() *cli.Command {
	return &cli.Command{
		Name:  "token",
		Usage: "print the bootstrap token as a fresh Secret, for a cluster in which it has run out",
		Flags: []cli.Flag{fileFlag(), pkiFlag()},
		Action: func(ctx *cli.Context) error {
			cluster, err := p.loadSpec(ctx)
			if err != nil {
				return err
			}
			bundle, err := p.loadPKI(ctx, generator.TokenRequest(cluster))
			if err != nil {
				return err
			}
			var expires time.Time
			if ttl := cluster.BootstrapToken.TTL.Std(); ttl > 0 {
				expires = p.now().Add(ttl)
				fmt.Fprintf(p.stderr, "kindling: this Secret ends at %s\n", expires.UTC().Format(time.RFC3339))
			}
			p.warnTerminal("the token")
			_, err = p.stdout.Write(bundle.TokenSecret(expires))
			return err
		},
	}
}
