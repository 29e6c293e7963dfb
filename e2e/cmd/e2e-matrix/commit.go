package main

import (
	"fmt"
	"os/exec"
	"strings"

	"kindling/e2e/internal/kindling"
)

const matrixFile = "docs/fault-matrix.md"

// bootTimesFile is what a case writes besides its row.
const bootTimesFile = "docs/e2e.md"

// cleanCommit returns the commit that is checked out. No tracked file may differ from it, except those that are being written.
func cleanCommit() (string, error) {
	changed, err := git("status", "--porcelain", "--untracked-files=no", "--", ":(top)", ":(top,exclude)"+matrixFile, ":(top,exclude)"+bootTimesFile)
	if err != nil {
		return "", err
	}
	if changed != "" {
		return "", fmt.Errorf("the working tree differs from its commit, which a row has to name; commit or stash these changes first:\n%s", changed)
	}
	return git("rev-parse", "--short", "HEAD")
}

func git(args ...string) (string, error) {
	cmd := exec.Command("git", args...)
	cmd.Dir = kindling.Source()
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("git %s: %w", args[0], err)
	}
	return strings.TrimRight(string(out), "\n"), nil
}
