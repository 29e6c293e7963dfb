package main

import (
	"errors"

	"kindling/generator"
	"kindling/generator/spec"
	"kindling/pki"
	"kindling/pki/store"

	"github.com/urfave/cli/v2"
)

func (p *program) pkiRenewCommand() *cli.Command {
	return &cli.Command{
		Name:  "renew",
		Usage: "replace certificates that have expired or soon will, each with a new key; CAs stay",
		UsageText: `kindling pki renew
kindling pki renew --within 2160h`,
		Flags: append(keyFlags(),
			&cli.DurationFlag{Name: "within", Value: soon, Usage: "renew certificates that expire within `TIME`, such as 2160h"},
		),
		Action: p.pkiRenew,
	}
}

func (p *program) pkiRenew(ctx *cli.Context) error {
	within := ctx.Duration("within")
	if within < 0 {
		return usageError{errors.New("--within must not be negative")}
	}
	return p.changePKI(ctx, func(cluster *spec.Cluster, dir *store.PKI) error {
		now := p.now()
		bundle := pki.Load(generator.RenewalRequest(cluster), dir.Read)
		progress := p.startProgress(2 * len(bundle.Ending(now.Add(within))))
		renewed, err := bundle.Renew(now, now.Add(within), progress.counting(dir.Replace))
		progress.end()
		p.reportRenewed(ctx, renewed)
		if err != nil {
			return located(ctx, err)
		}
		if len(renewed) == 0 {
			p.note("nothing to renew in %s within %s", dir, within)
		}
		if problems := bundle.EndingAuthorities(now.Add(within)); problems != nil {
			p.warn("%v", located(ctx, problems))
		}
		return nil
	})
}

// reportRenewed lists the new certificates, and what to do to use them.
func (p *program) reportRenewed(ctx *cli.Context, renewed []pki.Leaf) {
	if len(renewed) == 0 {
		return
	}
	var admins, workers, etcd []pki.Leaf
	for _, l := range renewed {
		switch {
		case l.Node == "":
			admins = append(admins, l)
		case l.Name == pki.NodeLeaf(l.Node, pki.KubeletClient):
			workers = append(workers, l)
		default:
			etcd = append(etcd, l)
		}
	}
	p.note("renewed %s in %s", counted(len(renewed), "certificate", "certificates"), pkiDir(ctx))
	say := func(leaves []pki.Leaf, what string) {
		if len(leaves) > 0 {
			p.note("%s: %s", owners(leaves, 20), what)
		}
	}
	say(admins, "print the kubeconfig again with "+command(ctx, "kubeconfig"))
	say(workers, "only needed to join; run "+command(ctx, "generate")+" before another worker boots")
	say(etcd, "run "+command(ctx, "generate")+", then boot these machines with their new documents and empty disks, one at a time")
}
