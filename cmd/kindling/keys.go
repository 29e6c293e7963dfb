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

// soon is how long before certificates expire there is a warning.
const soon = 30 * 24 * time.Hour

// loadPKI reads and checks what the request needs from the PKI, and nothing else.
func (p *program) loadPKI(ctx *cli.Context, r pki.Request) (*pki.Bundle, error) {
	keys, err := p.openPKI(ctx)
	if err != nil {
		return nil, err
	}
	bundle := pki.Load(r, keys.Read)
	if err := bundle.Check(p.now()); err != nil {
		return nil, located(ctx, err)
	}
	p.warnEnding(ctx, bundle)
	if err := p.warnReadable(ctx, keys, r); err != nil {
		return nil, err
	}
	if pkiDir(ctx) != archived {
		p.warnTracked(keys.String(), secretFiles)
	}
	return bundle, nil
}

// warnReadable says what others may read: up to five files one by one.
func (p *program) warnReadable(ctx *cli.Context, keys *store.PKI, r pki.Request) error {
	faults, err := keys.Permissions(r.Files())
	if more := len(faults) - 1; more >= 5 {
		faults = []string{fmt.Sprintf("%s (and %d more files like it: chmod -R go= %s)", faults[0], more, quoted(keys.String()))}
	}
	for _, fault := range faults {
		p.warn("%s", fault)
	}
	if clear := keys.Clear(r.Files()); len(clear) > 0 {
		p.warn("%s is sealed, but for some files (%s); run %s", keys, listed(clear), pkiCommand(ctx, "pki seal"))
	}
	return err
}

// located adds where the PKI is to the files in the PKI's problems, and the flags of this run to the commands that fix them.
func located(ctx *cli.Context, err error) error {
	var problems pki.Problems
	if !errors.As(err, &problems) {
		return err
	}
	commands := strings.NewReplacer("kindling pki init", pkiCommand(ctx, "pki init"), "kindling pki renew", pkiCommand(ctx, "pki renew"),
		"kindling pki rotate", pkiCommand(ctx, "pki rotate"))
	for i, problem := range problems {
		problems[i].File = filepath.Join(pkiName(ctx), filepath.FromSlash(problem.File))
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
			p.warn("%s: %s; run %s", counted(len(leaves), one, many), owners(leaves, 5), pkiCommand(ctx, "pki renew"))
		}
	}
	warn(expired, "certificate has expired", "certificates have expired")
	warn(ending, "certificate expires within 30 days", "certificates expire within 30 days")
}

// owners names the nodes or administrators that the leaves belong to, at most so many.
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
