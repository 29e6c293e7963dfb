package main

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"runtime"

	"github.com/urfave/cli/v2"
	"golang.org/x/term"
)

// stdoutFile is standard output. It reports every document that it cannot write.
type stdoutFile struct {
	file *os.File
	// failed is the first failure.
	failed error
}

func (s *stdoutFile) Write(data []byte) (n int, err error) {
	if closed(s.file) {
		err = errors.New("standard output is closed")
	} else if n, err = s.file.Write(data); err != nil {
		err = fmt.Errorf("writing to standard output: %w", errors.Unwrap(err))
	}
	s.failed = cmp.Or(s.failed, err)
	return n, err
}

// printSecret writes what only its owner may read: to the flag's file, which nobody else can read and which must not exist, or to standard
// output, but not to a terminal, whose lines stay in many places.
func (p *program) printSecret(ctx *cli.Context, what string, secret []byte) error {
	if name := ctx.String("output"); name != "" && name != "-" {
		if err := newFile(name, secret); err != nil {
			return err
		}
		p.note("wrote %s to %s", what, name)
		return nil
	}
	if s, ok := p.stdout.(*stdoutFile); ok {
		if term.IsTerminal(int(s.file.Fd())) {
			return fmt.Errorf("%s has secrets and is not shown on a terminal; redirect it to a file, or pipe it to cat to see it", what)
		}
		if info, err := s.file.Stat(); err == nil && info.Mode().IsRegular() && info.Mode().Perm()&0o077 != 0 && runtime.GOOS != "windows" {
			p.warn("%s has secrets, and others may read the file that it goes to; change its mode to 0600", what)
		}
	}
	_, err := p.stdout.Write(secret)
	return err
}

// newFile makes a file that is whole or not there, and replaces none.
func newFile(name string, data []byte) error {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("%s exists, and may have other secrets in it; move it away, or choose another name", name)
	} else if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return errors.Join(err, os.Remove(name))
	}
	return nil
}

// outputFlag is for commands that print a secret.
func outputFlag() cli.Flag {
	return &cli.StringFlag{Name: "output", Aliases: []string{"o"}, Usage: "write to `FILE`, a new one that only you can read (default: -, standard output)"}
}
