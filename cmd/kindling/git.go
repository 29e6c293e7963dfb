package main

import (
	"bytes"
	"os"
	"os/exec"
)

// Git's patterns, at any depth, for the files of pki/ and out/ that hold secrets, and for documents, which do unless there are secret parts.
var (
	secretFiles   = []string{":(glob)**/*.key", ":(glob)**/bootstrap-token", ":(glob)**/secret/*"}
	documentFiles = []string{":(glob)**/user-data", ":(glob)**/user-data.gz", ":(glob)**/user-data.b64", ":(glob)**/config.ign", ":(glob)**/config.bu"}
)

// warnTracked warns about secret files below dir that git tracks, since they stay in its history. Without git, or outside a
// repository, it says nothing.
func (p *program) warnTracked(dir string, patterns []string) {
	// The repository may come from someone else. Its configuration must not start programs: no file system monitor, and no
	// transport that fetches what a partial clone lacks.
	git := exec.Command("git", append([]string{"-c", "core.fsmonitor=false", "-C", dir, "ls-files", "-z", "--"}, patterns...)...)
	git.Env = append(os.Environ(), "GIT_ALLOW_PROTOCOL=none")
	list, err := git.Output()
	if err != nil || len(list) == 0 {
		return
	}
	files := bytes.Split(bytes.TrimSuffix(list, []byte{0}), []byte{0})
	p.warn("git tracks %s in %s, such as %s; encrypt them, or remove them from git and make new keys",
		counted(len(files), "secret file", "secret files"), dir, files[0])
}
