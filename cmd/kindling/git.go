package main

import (
	"bytes"
	"fmt"
	"os/exec"
)

// warnTracked says that git has secret files below dir, whose history keeps them. Without git, or outside a repository,
// there is nothing to say.
func (p *program) warnTracked(dir string) {
	git := exec.Command("git", "-C", dir, "ls-files", "-z", "--", "*.key", "bootstrap-token", "user-data", "config.ign", "config.bu")
	list, err := git.Output()
	if err != nil || len(list) == 0 {
		return
	}
	files := bytes.Split(bytes.TrimSuffix(list, []byte{0}), []byte{0})
	fmt.Fprintf(p.stderr, "kindling: warning: git tracks %d secret files in %s, such as %s: encrypt them, or take them out of git and make new keys\n",
		len(files), dir, files[0])
}
