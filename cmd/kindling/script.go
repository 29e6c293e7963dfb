package main

import (
	"bytes"
	"context"
	"errors"
	"os/exec"
	"strings"
	"time"

	"kindling/generator"
)

// checkScript asks bash itself what it says of a script, without running it. Where there is no bash, or one of before 2009 as on macOS,
// another parser does.
func checkScript(script string) error {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	if exec.CommandContext(ctx, "bash", "-c", "((BASH_VERSINFO >= 4))").Run() != nil {
		return generator.ParseScript(script)
	}
	args := []string{"--norc", "--noprofile", "-n"}
	if strings.Contains(script, "shopt -s extglob") {
		args = append(args, "-O", "extglob") // with -n, shopt does nothing
	}
	bash := exec.CommandContext(ctx, "bash", args...)
	bash.Env = []string{"LC_ALL=C"}
	bash.Stdin = strings.NewReader(script)
	said, err := bash.CombinedOutput()
	if err == nil {
		return nil
	}
	first, _, _ := bytes.Cut(said, []byte("\n"))
	return errors.New(strings.TrimPrefix(string(first), "bash: "))
}
