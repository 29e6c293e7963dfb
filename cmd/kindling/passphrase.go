package main

import (
	"errors"
	"fmt"
	"os"
	"runtime"

	"golang.org/x/term"
)

// askPassphrase asks on the terminal, whatever standard input and output are.
func askPassphrase(identity string) ([]byte, error) {
	in, out := "/dev/tty", "/dev/tty"
	if runtime.GOOS == "windows" {
		in, out = "CONIN$", "CONOUT$"
	}
	keyboard, err := os.OpenFile(in, os.O_RDWR, 0)
	if err != nil {
		return nil, errors.New("has a passphrase, and there is no terminal to ask for it")
	}
	defer keyboard.Close()
	screen, err := os.OpenFile(out, os.O_RDWR, 0)
	if err != nil {
		return nil, err
	}
	defer screen.Close()
	fmt.Fprintf(screen, "passphrase of %s: ", identity)
	passphrase, err := term.ReadPassword(int(keyboard.Fd()))
	fmt.Fprintln(screen)
	return passphrase, err
}
