package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"kindling/generator"
	"kindling/generator/spec"
	"kindling/pki"
	"kindling/pki/store"

	"github.com/urfave/cli/v2"
)

func (p *program) pkiRotateCommand() *cli.Command {
	return &cli.Command{
		Name:      "rotate",
		Usage:     "put new CAs, or a new service account key, in the place of those that machines trust, in three stages",
		ArgsUsage: "ca|etcd-ca|front-proxy-ca|service-account...",
		Description: "In the stage trust machines trust both, in the stage sign the new one signs, and drop ends the trust in the old one. Between two stages " +
			"run kindling generate, and boot every machine with its new document and an empty disk, one at a time: control planes first. " +
			"docs/day-two.md has the whole way.",
		UsageText: `kindling pki rotate ca etcd-ca --stage trust
kindling pki rotate ca etcd-ca --stage sign
kindling pki rotate ca etcd-ca --stage drop`,
		Flags: append(keyFlags(),
			&cli.StringFlag{Name: "stage", Usage: "bring the rotation to `STAGE`: trust, sign or drop"},
		),
		Action: p.pkiRotate,
	}
}

func (p *program) pkiRotate(ctx *cli.Context) error {
	words := slices.Compact(slices.Sorted(slices.Values(ctx.Args().Slice())))
	err := checkRotated(words)
	stage := pki.Stage(ctx.String("stage"))
	if !slices.Contains(pki.Stages(), stage) {
		err = errors.Join(err, fmt.Errorf("--stage must be one of %s", joined(pki.Stages())))
	}
	if err != nil {
		return usageError{err}
	}
	return p.changePKI(ctx, func(cluster *spec.Cluster, dir *store.PKI) error {
		signed, err := pki.Load(generator.Request(cluster), dir.Read).Rotate(words, stage, p.now(), dir)
		if len(signed) > 0 {
			p.note("signed %s in %s anew", counted(len(signed), "certificate", "certificates"), dir)
		}
		if err != nil {
			return located(ctx, err)
		}
		p.note("%s: %s", joined(words), map[pki.Stage]string{
			pki.Trust: "machines will trust the old and the new one, and the old one signs",
			pki.Sign:  "machines will trust the old and the new one, and the new one signs",
			pki.Drop:  "machines will trust the new one alone; the old one is gone from " + dir.String(),
		}[stage])
		p.note("run %s, then boot every machine with its new document and an empty disk, one at a time, control planes first", command(ctx, "generate"))
		if slices.Contains(words, "ca") {
			p.note("give administrators their kubeconfig again: %s", command(ctx, "kubeconfig"))
		}
		if stage != pki.Drop {
			p.note("once all have booted, go on with --stage %s", pki.Next(stage))
		}
		p.warnTracked(dir.String(), secretFiles)
		return nil
	})
}

// checkRotated says which words are for nothing that can be rotated.
func checkRotated(words []string) error {
	var errs []error
	for _, word := range words {
		if !slices.Contains(pki.Rotatable(), word) {
			errs = append(errs, fmt.Errorf("%q can't be rotated; name some of %s", word, joined(pki.Rotatable())))
		}
	}
	if len(words) == 0 {
		errs = append(errs, fmt.Errorf("name what to rotate: %s", joined(pki.Rotatable())))
	}
	return errors.Join(errs...)
}

func joined[S ~string](words []S) string {
	var list []string
	for _, word := range words {
		list = append(list, string(word))
	}
	return strings.Join(list, ", ")
}
