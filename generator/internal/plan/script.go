package plan

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strings"

	"kindling/generator/spec"
	"kindling/templates"

	"mvdan.cc/sh/v3/syntax"
)

// runScript is /etc/kindling/run.sh of a kind of machine: the frame, the libraries and one function for each step, without
// comments and indentation, since its size decides whether a document can be launched.
func runScript(c *spec.Cluster, of string) ([]byte, error) {
	kind, names, own := kinds[of], stepsOf(c, of), ownSteps(c, of)
	var source strings.Builder
	source.WriteString(templates.Lib("run"))
	for _, lib := range libsOf(c, of) {
		source.WriteString(templates.Lib(lib))
	}
	for _, name := range names {
		if slices.Contains(own, name) {
			source.WriteString(templates.Step(cmp.Or(kind.scripts[name], name)))
		}
	}
	for i, s := range c.ExtraSteps {
		if !slices.Contains(names, s.Name) {
			continue
		}
		if _, err := parse(s.Script); err != nil {
			return nil, fmt.Errorf("extraSteps[%d].script: %w", i, err)
		}
		fmt.Fprintf(&source, "step_%s() {\n%s\n}\n", strings.ReplaceAll(s.Name, "-", "_"), s.Script)
	}
	fmt.Fprintf(&source, "PROGRAMS=%q\nSTEPS=%q\nmain \"$@\"\n", programsOf(c, of), strings.Join(names, " "))
	return minify(source.String())
}

func minify(source string) ([]byte, error) {
	file, err := parse(source)
	if err != nil {
		return nil, err
	}
	out := bytes.NewBufferString("#!/bin/bash\n") // which the printer takes for a comment
	err = syntax.NewPrinter(syntax.Minify(true)).Print(out, file)
	return out.Bytes(), err
}

func parse(source string) (*syntax.File, error) {
	return syntax.NewParser(syntax.Variant(syntax.LangBash)).Parse(strings.NewReader(source), "")
}
