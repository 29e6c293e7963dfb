package main

import (
	"errors"
	"path/filepath"
	"slices"

	"kindling/generator"
	"kindling/generator/sink"
	"kindling/generator/spec"
	"kindling/pki"

	"github.com/urfave/cli/v2"
)

func (p *program) generateCommand() *cli.Command {
	return &cli.Command{
		Name:  "generate",
		Usage: "write the documents for all machines",
		UsageText: `kindling generate
kindling generate -f cluster.yaml -o out --prune`,
		Flags: append(keyFlags(), filesFlag(),
			&cli.StringFlag{Name: "output", Aliases: []string{"o"}, Value: "out", Usage: "write to `DIR`"},
			&cli.StringFlag{Name: "redact", Usage: "also write to `DIR` what may be committed and reviewed: the machines' files without their secrets"},
			&cli.StringFlag{Name: "matchbox", Usage: "also write to `DIR` the profiles and groups with which matchbox boots the machines"},
			&cli.BoolFlag{Name: "prune", DisableDefaultText: true, Usage: "remove the documents of nodes that are no longer in the cluster"},
		),
		Action: func(ctx *cli.Context) error {
			out, redacted, matchbox := ctx.String("output"), ctx.String("redact"), ctx.String("matchbox")
			switch {
			case out == "-":
				return usageError{errors.New("generate writes a directory; `kindling node NAME` prints one document")}
			case redacted == "-":
				return usageError{errors.New("--redact writes a directory")}
			case matchbox == "-":
				return usageError{errors.New("--matchbox writes a directory")}
			}
			g, err := p.load(ctx, func(c *spec.Cluster) (pki.Request, error) { return generator.SetRequest(c), nil })
			if err != nil {
				return err
			}
			last := lastIndex(out)
			set := g.Set()
			if matchbox != "" {
				if _, err := replace(set.Matchbox, func() (sink.Sink, error) { return sink.Matchbox(matchbox) }); err != nil {
					return err
				}
				p.note("wrote matchbox's profiles and groups to %s", matchbox)
			}
			directory := sink.Directory
			if g.PublicDocuments() {
				directory = sink.Public
			}
			report, err := replace(set.Generate, func() (sink.Sink, error) { return directory(out, ctx.Bool("prune")) })
			if err != nil {
				return err
			}
			p.printReport(ctx, report)
			secret := secretFiles
			if !g.PublicDocuments() {
				secret = slices.Concat(secretFiles, documentFiles)
			}
			p.warnTracked(out, secret)
			p.warnChanges(last, set.Index())
			if redacted != "" {
				if _, err := replace(set.Redact, func() (sink.Sink, error) { return sink.Redacted(redacted) }); err != nil {
					return err
				}
				p.note("wrote what reviewers may read to %s", redacted)
			}
			p.note("wrote documents for %s to %s; start with %s", counted(len(g.Nodes()), "node", "nodes"), out, filepath.Join(out, "README.md"))
			return nil
		},
	}
}

// replace puts a set in the place of the one in a directory.
func replace(set func(sink.Sink) error, open func() (sink.Sink, error)) (sink.Report, error) {
	s, err := open()
	if err != nil {
		return sink.Report{}, err
	}
	if err := set(s); err != nil {
		s.Abort()
		return sink.Report{}, err
	}
	return s.Commit()
}

func (p *program) printReport(ctx *cli.Context, r sink.Report) {
	if len(r.Cleared) > 0 {
		p.note("removed leftovers of interrupted runs (%s)", listed(r.Cleared))
	}
	if len(r.Pruned) > 0 {
		p.note("removed nodes or iPXE scripts that are no longer in the cluster (%s)", listed(r.Pruned))
	}
	if len(r.Kept) > 0 {
		p.warn("%s still has nodes or iPXE scripts that are no longer in the cluster (%s); to remove them, run %s --prune",
			ctx.String("output"), listed(r.Kept), command(ctx, "generate", "output"))
	}
}
