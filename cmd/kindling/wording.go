package main

import (
	"fmt"
	"strings"

	"github.com/urfave/cli/v2"
	"mvdan.cc/sh/v3/syntax"
)

// command is a command for the same cluster as this one, as a shell reads it: with the flags that say which, and with these.
func command(ctx *cli.Context, name string, flags ...string) string {
	words := []string{"kindling", name}
	for _, flag := range append([]string{"file", "pki"}, flags...) {
		if !ctx.IsSet(flag) {
			continue
		}
		word, err := syntax.Quote(ctx.String(flag), syntax.LangBash)
		if err != nil { // only what no argument can hold
			word = ctx.String(flag)
		}
		words = append(words, "--"+flag, word)
	}
	return strings.Join(words, " ")
}

func counted(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// listed is how many names there are, with the first of them.
func listed(names []string) string {
	named, more := names, ""
	if len(named) > 5 {
		named, more = named[:5], ", …"
	}
	return fmt.Sprintf("%d: %s%s", len(names), strings.Join(named, ", "), more)
}
