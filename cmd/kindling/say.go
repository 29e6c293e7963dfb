package main

import (
	"fmt"
	"strings"
)

// fail reports an error on stderr. It does not end the run.
func (p *program) fail(err error) { p.say("error", err.Error()) }

// warn reports something that the user should know, and that --quiet does not hide.
func (p *program) warn(format string, args ...any) { p.say("warning", fmt.Sprintf(format, args...)) }

// note says what was done or what comes next, unless --quiet is set.
func (p *program) note(format string, args ...any) {
	if !p.quiet {
		p.say("note", fmt.Sprintf(format, args...))
	}
}

// say begins each line with the kind of message, for people who read it and for grep.
func (p *program) say(kind, text string) {
	for line := range strings.Lines(text) {
		fmt.Fprintf(p.stderr, "%s: %s\n", kind, strings.TrimSuffix(line, "\n"))
	}
}
