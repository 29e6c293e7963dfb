package main

import (
	"fmt"
	"os"
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
		Usage: "write the documents of all machines",
		Flags: []cli.Flag{
			fileFlag(), pkiFlag(),
			&cli.StringFlag{Name: "output", Aliases: []string{"o"}, Value: "out", Usage: "write to `DIR`"},
		},
		Action: func(ctx *cli.Context) error {
			g, err := p.load(ctx, func(c *spec.Cluster) (pki.Request, error) { return generator.Request(c), nil })
			if err != nil {
				return err
			}
			out := ctx.String("output")
			warnings, err := g.Generate(sink.Directory(out))
			if err != nil {
				return err
			}
			for _, w := range warnings {
				fmt.Fprintf(p.stderr, "kindling: warning: %s\n", w)
			}
			for _, name := range staleNodes(filepath.Join(out, "nodes"), g.Nodes()) {
				fmt.Fprintf(p.stderr, "kindling: warning: %s is of a node that is not in the cluster any more: remove it\n", filepath.Join(out, "nodes", name))
			}
			p.warnTracked(out)
			fmt.Fprintf(p.stderr, "kindling: documents for %d nodes in %s; begin with %s\n", len(g.Nodes()), out, filepath.Join(out, "README.md"))
			return nil
		},
	}
}

func (p *program) nodeCommand() *cli.Command {
	return &cli.Command{
		Name:      "node",
		Usage:     "print the document of one machine",
		ArgsUsage: "NAME",
		Flags: []cli.Flag{
			fileFlag(), pkiFlag(),
			&cli.StringFlag{Name: "format", Usage: "`FORMAT` cloud-init, ignition or butane (default: the operating system's)"},
		},
		Action: func(ctx *cli.Context) error {
			format := generator.Format(ctx.String("format"))
			if !slices.Contains([]generator.Format{"", generator.CloudInit, generator.Ignition, generator.Butane}, format) {
				return usageError{fmt.Errorf("unknown format %q; one of cloud-init, ignition, butane", format)}
			}
			name := ctx.Args().First()
			g, err := p.load(ctx, func(c *spec.Cluster) (pki.Request, error) { return generator.NodeRequest(c, name) })
			if err != nil {
				return err
			}
			document, err := g.Document(name, format)
			if err != nil {
				return err
			}
			p.warnTerminal("the document of " + name)
			_, err = p.stdout.Write(document)
			return err
		},
	}
}

// staleNodes are the directories of nodes that the spec has no more.
func staleNodes(dir string, nodes []string) (stale []string) {
	known := map[string]bool{}
	for _, name := range nodes {
		known[name] = true
	}
	entries, _ := os.ReadDir(dir) // was written to a moment ago
	for _, e := range entries {
		if !known[e.Name()] {
			stale = append(stale, e.Name())
		}
	}
	return stale
}
