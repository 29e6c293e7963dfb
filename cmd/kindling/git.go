package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
)

// secretFiles are git's patterns for the files of pki/ and out/ that hold secrets, at any depth.
var secretFiles = []string{
	":(glob)**/*.key", ":(glob)**/bootstrap-token",
	":(glob)**/user-data", ":(glob)**/user-data.gz", ":(glob)**/user-data.b64", ":(glob)**/config.ign", ":(glob)**/config.bu",
}

// warnTracked warns about secret files below dir that git tracks: its history keeps them. Without git, or outside a
// repository, there is nothing to say.
func (p *program) warnTracked(dir string) {
	// The repository may come from someone else. Its configuration must not start programs: no file system monitor, and no
	// transport to fetch what a partial clone lacks.
	git := exec.Command("git", append([]string{"-c", "core.fsmonitor=false", "-C", dir, "ls-files", "-z", "--"}, secretFiles...)...)
	git.Env = append(os.Environ(), "GIT_ALLOW_PROTOCOL=none")
	list, err := git.Output()
	if err != nil || len(list) == 0 {
		return
	}
	files := bytes.Split(bytes.TrimSuffix(list, []byte{0}), []byte{0})
	fmt.Fprintf(p.stderr, "kindling: warning: git tracks %d secret files in %s, such as %s: encrypt them, or take them out of git and make new keys\n",
		len(files), dir, files[0])
}
