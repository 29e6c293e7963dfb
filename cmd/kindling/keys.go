package main

import (
	"cmp"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"kindling/pki"
	"kindling/pki/store"

	"github.com/urfave/cli/v2"
)

// soon is how long before their end certificates are warned about.
const soon = 30 * 24 * time.Hour

func pkiFlag() cli.Flag {
	return &cli.StringFlag{Name: "pki", Usage: "the PKI's `DIR` (default: pki beside the cluster's file)"}
}

func pkiDir(ctx *cli.Context) string {
	if dir := ctx.String("pki"); dir != "" {
		return dir
	}
	return filepath.Join(specDir(ctx), "pki")
}

// loadPKI reads what the request needs of the PKI, and nothing else, and checks it.
func (p *program) loadPKI(ctx *cli.Context, r pki.Request) (*pki.Bundle, error) {
	dir := store.Directory(pkiDir(ctx))
	bundle := pki.Load(r, dir.Read)
	if err := bundle.Check(p.now()); err != nil {
		return nil, located(ctx, err)
	}
	p.warnEnding(ctx, bundle)
	faults, err := dir.Permissions(r.Files())
	if err != nil {
		return nil, err
	}
	for _, fault := range faults {
		fmt.Fprintf(p.stderr, "kindling: warning: %s\n", fault)
	}
	p.warnTracked(string(dir))
	return bundle, nil
}

// located gives the PKI's problems the paths of their files, and the commands that mend them the flags of this run.
func located(ctx *cli.Context, err error) error {
	var problems pki.Problems
	if !errors.As(err, &problems) {
		return err
	}
	commands := strings.NewReplacer("kindling pki init", command(ctx, "pki init"), "kindling pki renew", command(ctx, "pki renew"))
	for i, problem := range problems {
		problems[i].File = filepath.Join(pkiDir(ctx), filepath.FromSlash(problem.File))
		problems[i].Remedy = commands.Replace(problem.Remedy)
	}
	return problems
}

// warnEnding says which certificates have expired or soon will.
func (p *program) warnEnding(ctx *cli.Context, bundle *pki.Bundle) {
	var expired, ending []pki.Leaf
	for _, e := range bundle.Ending(p.now().Add(soon)) {
		if e.NotAfter.Before(p.now()) {
			expired = append(expired, e.Leaf)
		} else {
			ending = append(ending, e.Leaf)
		}
	}
	warn := func(leaves []pki.Leaf, one, many string) {
		if len(leaves) > 0 {
			fmt.Fprintf(p.stderr, "kindling: warning: %s: %s; run %s\n", counted(len(leaves), one, many), owners(leaves, 5), command(ctx, "pki renew"))
		}
	}
	warn(expired, "certificate has expired", "certificates have expired")
	warn(ending, "certificate expires within 30 days", "certificates expire within 30 days")
}

// owners names those whose leaves they are, up to so many.
func owners(leaves []pki.Leaf, shown int) string {
	var names []string
	for _, l := range leaves {
		if name := cmp.Or(l.Node, l.Name); len(names) == 0 || names[len(names)-1] != name {
			names = append(names, name)
		}
	}
	if more := len(names) - shown; more > 0 {
		return fmt.Sprintf("%s and %d more", strings.Join(names[:shown], ", "), more)
	}
	return strings.Join(names, ", ")
}
