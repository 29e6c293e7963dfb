package plan

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"

	"kindling/generator/internal/node"
	"kindling/generator/internal/plan/part"
	"kindling/templates/step"
)

// secrets has the machine fetch what its document does not have: its secret part.
func secrets(m machine) part.Part {
	if !m.cluster.SplitsSecrets() {
		return part.Part{}
	}
	p := part.Part{
		Steps: []step.Step{step.Secrets}, Shell: []string{"boot/secrets.sh", "boot/clock.sh"}, Programs: []string{"curl", "tar"},
		Env: map[string]string{"SECRETS_URL": m.cluster.SecretURL(m.Node), "SECRETS_CA": ""},
	}
	if authorities := m.cluster.Secrets.Authorities(); authorities != nil {
		file := node.Public(part.Etc+"/secrets-ca.crt", authorities)
		p.Env["SECRETS_CA"], p.Files = file.Path, []node.File{file}
	}
	return p
}

// takeApart moves the files of the secret part out of the document, and returns that part's SHA-256.
func takeApart(n *node.Node) (sum string) {
	for _, f := range n.All() {
		if f.Apart() {
			n.Apart = append(n.Apart, f)
		}
	}
	n.Files = slices.DeleteFunc(n.Files, node.File.Apart)
	n.Part = node.Archive(n.Apart)
	hash := sha256.Sum256(n.Part)
	return hex.EncodeToString(hash[:])
}
