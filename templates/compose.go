package templates

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"kindling/templates/step"

	"mvdan.cc/sh/v3/syntax"
)

// frame is the part of run.sh that every machine has.
const frame = "boot/run.sh"

// Script is what run.sh of one kind of machine is made of.
type Script struct {
	// Files below this package's directory, without the frame, in any order.
	Files []string
	// Programs that the steps call and that an image may lack, in any order.
	Programs []string
	// Steps in the order of the boot.
	Steps []step.Step
	// Own are the files of the user's steps on the machine, by the names that the steps have in Steps. bash reads such a script when its
	// step begins: whatever it is, it cannot break another step.
	Own map[string]string
}

// Compose returns /etc/kindling/run.sh: the frame, the functions of the files and what the frame has to know about the steps.
// It has neither comments nor indentation, and short names for functions and locals, since its size decides whether a document can be
// launched. The error is that of a script that does not parse.
func (s Script) Compose() ([]byte, error) {
	return s.minify(s.Source())
}

// Source is what run.sh is before it is made small: the same script, for people.
func (s Script) Source() string {
	var source strings.Builder
	source.WriteString(read(frame))
	for _, file := range sorted(s.Files) {
		source.WriteString(read(file))
	}
	var names, everyBoot, limits []string
	for _, st := range s.Steps {
		names = append(names, st.Name)
		if st.EveryBoot {
			everyBoot = append(everyBoot, st.Name)
		}
		if st.Limit != 0 {
			limits = append(limits, fmt.Sprintf("[%s]=%.0f", st.Name, st.Limit.Seconds()))
		}
		if file, ok := s.Own[st.Name]; ok {
			fmt.Fprintf(&source, "step_%s() { . %s; }\n", strings.ReplaceAll(st.Name, "-", "_"), file)
		}
	}
	fmt.Fprintf(&source, "PROGRAMS=%q\nSTEPS=%q\nEVERY_BOOT=%q\nLIMIT=%.0f\ndeclare -A LIMITS=(%s)\nmain \"$@\"\n",
		strings.Join(sorted(s.Programs), " "), strings.Join(names, " "), strings.Join(everyBoot, " "), step.DefaultLimit.Seconds(), strings.Join(limits, " "))
	return source.String()
}

// sorted has each of the names once.
func sorted(names []string) []string {
	return slices.Compact(slices.Sorted(slices.Values(names)))
}

func (s Script) minify(source string) ([]byte, error) {
	file, err := Parse(source)
	if err != nil {
		return nil, err
	}
	keep := entries
	if len(s.Own) > 0 {
		keep = slices.Concat(entries, forOwnSteps)
	}
	shorten(file, keep)
	out := bytes.NewBufferString("#!/bin/bash\n") // which the printer takes for a comment
	err = syntax.NewPrinter(syntax.Minify(true)).Print(out, file)
	return out.Bytes(), err
}

// Parse reads a bash script. The error names the line and the column.
func Parse(script string) (*syntax.File, error) {
	return syntax.NewParser(syntax.Variant(syntax.LangBash)).Parse(strings.NewReader(script), "")
}
