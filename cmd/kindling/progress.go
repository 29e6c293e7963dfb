package main

import (
	"fmt"
	"io"
	"os"
	"time"

	"golang.org/x/term"
)

// progress shows on a terminal how much of a longer run is done.
type progress struct {
	terminal    io.Writer // nil if there is none
	began       time.Time
	done, total int
}

func (p *program) startProgress(total int) *progress {
	bar := &progress{began: time.Now(), total: total}
	if f, ok := p.stderr.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		bar.terminal = f
	}
	return bar
}

// counting is write, and counts the files that it has written.
func (b *progress) counting(write func(files map[string][]byte) error) func(map[string][]byte) error {
	return func(files map[string][]byte) error {
		if err := write(files); err != nil {
			return err
		}
		b.done += len(files)
		if b.terminal != nil && time.Since(b.began) > time.Second {
			fmt.Fprintf(b.terminal, "\rkindling: %d of %d files", b.done, b.total)
		}
		return nil
	}
}

// end clears the line.
func (b *progress) end() {
	if b.terminal != nil {
		fmt.Fprint(b.terminal, "\r\033[K")
	}
}
