package main

import (
	"fmt"
	"strings"

	"github.com/urfave/cli/v2"
	"mvdan.cc/sh/v3/syntax"
)

// command is a shell command line for the same cluster as this run: with its flags --file and --pki, and with these.
func command(ctx *cli.Context, name string, flags ...string) string {
	words := []string{"kindling", name}
	for _, flag := range append([]string{"file", "pki"}, flags...) {
		if !ctx.IsSet(flag) {
			continue
		}
		words = append(words, map[string]string{"file": "-f", "output": "-o", "pki": "--pki"}[flag], quoted(ctx.String(flag)))
	}
	return strings.Join(words, " ")
}

// quoted is a word as a shell reads it.
func quoted(word string) string {
	quoted, err := syntax.Quote(word, syntax.LangBash)
	if err != nil { // only what no argument can hold
		return word
	}
	return quoted
}

func counted(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// listed is the number of names, and the first of them.
func listed(names []string) string {
	named, more := names, ""
	if len(named) > 5 {
		named, more = named[:5], ", …"
	}
	return fmt.Sprintf("%d: %s%s", len(names), strings.Join(named, ", "), more)
}
