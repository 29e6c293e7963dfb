package main

import (
	"errors"
	"fmt"

	"kindling/generator"
	"kindling/pki"
	"kindling/pki/store"

	"github.com/urfave/cli/v2"
)

func (p *program) pkiRenewCommand() *cli.Command {
	return &cli.Command{
		Name:  "renew",
		Usage: "make certificates anew that have expired or soon will, each with a new key; authorities stay",
		Flags: []cli.Flag{
			fileFlag(), pkiFlag(),
			&cli.DurationFlag{Name: "within", Value: soon, Usage: "renew what expires within this `TIME`"},
		},
		Action: p.pkiRenew,
	}
}

func (p *program) pkiRenew(ctx *cli.Context) error {
	within := ctx.Duration("within")
	if within < 0 {
		return usageError{errors.New("--within must not be negative")}
	}
	cluster, err := p.loadSpec(ctx)
	if err != nil {
		return err
	}
	dir := store.Directory(pkiDir(ctx))
	unlock, err := dir.Lock()
	if err != nil {
		return err
	}
	defer unlock()
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
		fmt.Fprintf(p.stderr, "kindling: nothing in %s to renew within %s\n", dir, within)
	}
	if problems := bundle.EndingAuthorities(now.Add(within)); problems != nil {
		fmt.Fprintf(p.stderr, "kindling: warning: %v\n", located(ctx, problems))
	}
	return nil
}

// reportRenewed lists what is new, and what has to be done for it to be used.
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
	fmt.Fprintf(p.stderr, "kindling: renewed %s in %s\n", counted(len(renewed), "certificate", "certificates"), pkiDir(ctx))
	say := func(leaves []pki.Leaf, what string) {
		if len(leaves) > 0 {
			fmt.Fprintf(p.stderr, "kindling: %s: %s\n", owners(leaves, 20), what)
		}
	}
	say(admins, "print the kubeconfig again with "+command(ctx, "kubeconfig"))
	say(workers, "for joining only, running workers need nothing; run "+command(ctx, "generate")+" before another one boots")
	say(etcd, "run "+command(ctx, "generate")+", then boot these machines with their new documents and empty disks, one at a time")
}
