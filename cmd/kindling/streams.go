package main

import (
	"errors"
	"fmt"
	"os"

	"golang.org/x/sys/unix"
	"golang.org/x/term"
)

// stdout is standard output. It reports every document that it cannot write.
type stdout struct{ file *os.File }

func (s *stdout) Write(data []byte) (int, error) {
	if closed(s.file) {
		return 0, errors.New("standard output is closed")
	}
	n, err := s.file.Write(data)
	if err != nil {
		return n, fmt.Errorf("writing to standard output: %w", errors.Unwrap(err))
	}
	return n, nil
}

// closed reports whether the caller closed the file, as `>&-` does. Go's runtime then opens /dev/null instead, for reading and
// writing; a caller's own `>/dev/null` is only for writing.
func closed(f *os.File) bool {
	null, err := os.Stat(os.DevNull)
	if err != nil {
		return false
	}
	info, err := f.Stat()
	if err != nil || !os.SameFile(info, null) {
		return err != nil
	}
	flags, err := unix.FcntlInt(f.Fd(), unix.F_GETFL, 0)
	return err == nil && flags&unix.O_ACCMODE == unix.O_RDWR
}

// warnTerminal warns that secrets are about to be shown.
func (p *program) warnTerminal(what string) {
	if s, ok := p.stdout.(*stdout); ok && term.IsTerminal(int(s.file.Fd())) {
		p.warn("%s has secrets and goes to a terminal; redirect it to a file or a pipe", what)
	}
}
