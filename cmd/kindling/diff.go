package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"kindling/generator"
	"kindling/generator/diff"
	"kindling/generator/spec"
	"kindling/pki"

	"github.com/urfave/cli/v2"
)

func (p *program) diffCommand() *cli.Command {
	return &cli.Command{
		Name:        "diff",
		Usage:       "say what generate would change, and what a running cluster needs for it",
		Description: "It names fields, machines and files, and shows no content. It exits with 1 if anything differs.",
		UsageText: `kindling diff
kindling diff -f cluster.yaml -o out`,
		Flags: append(keyFlags(), filesFlag(),
			&cli.StringFlag{Name: "output", Aliases: []string{"o"}, Value: "out", Usage: "compare with the set in `DIR`"},
		),
		Action: func(ctx *cli.Context) error {
			out := ctx.String("output")
			root, err := os.OpenRoot(out)
			if errors.Is(err, fs.ErrNotExist) {
				return fmt.Errorf("%s does not exist: there is nothing to compare with; run %s", out, command(ctx, "generate", "output"))
			} else if err != nil {
				return err
			}
			defer root.Close()
			before := diff.Set{Read: root.ReadFile}
			text, err := root.ReadFile("index.json")
			var ok bool
			if before.Index, ok = generator.ParseIndex(text); err != nil || !ok {
				return fmt.Errorf("%s has no set with an index.json to compare with; run %s", out, command(ctx, "generate", "output"))
			}
			g, err := p.load(ctx, func(c *spec.Cluster) (pki.Request, error) { return generator.SetRequest(c), nil })
			if err != nil {
				return err
			}
			after, err := inMemory(g.Set())
			if err != nil {
				return err
			}
			fields := diff.Fields(before.Index, after.Index)
			machines, err := diff.Machines(before, after, fields)
			if err != nil {
				return err
			}
			if len(fields)+len(machines) == 0 {
				p.note("generate would change nothing in %s", out)
				return nil
			}
			return errors.Join(printDiff(p.stdout, fields, machines), errReported)
		},
	}
}

// inMemory makes a set without writing it.
func inMemory(set *generator.Set) (diff.Set, error) {
	files := map[string][]byte{}
	for a, err := range set.Artifacts() {
		if err != nil {
			return diff.Set{}, err
		}
		files[a.Path] = a.Data
	}
	return diff.Set{Index: set.Index(), Read: func(name string) ([]byte, error) { return files[name], nil }}, nil
}

func printDiff(w io.Writer, fields []diff.Field, machines []diff.Machine) error {
	var text string
	for _, f := range fields {
		text += fmt.Sprintln(f)
	}
	for _, m := range machines {
		if m.Only != "" {
			text += fmt.Sprintf("%s: %s\n", m.Name, m.Only)
			continue
		}
		text += fmt.Sprintf("%s: %v\n", m.Name, m.Change())
		for _, f := range m.Files {
			text += fmt.Sprintf("  %v\n", f)
		}
	}
	_, err := io.WriteString(w, text)
	return err
}

// lastIndex is that of the set in a directory, or empty.
func lastIndex(out string) generator.Index {
	text, err := os.ReadFile(filepath.Join(out, "index.json"))
	if index, ok := generator.ParseIndex(text); err == nil && ok {
		return index
	}
	return generator.Index{}
}

// warnChanges warns about what new documents alone do not change in a running cluster.
func (p *program) warnChanges(last, now generator.Index) {
	if last.Spec == nil {
		return
	}
	for _, f := range diff.Fields(last, now) {
		if f.Change >= spec.ByHand {
			p.warn("against the last set: %v", f)
		}
	}
}
