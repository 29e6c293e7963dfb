// Package redact shows what a machine gets to people who may not have its keys: a plain tree of files in which a fingerprint stands for
// each secret and each certificate. The same inputs give the same tree, and another cluster's tree differs in fingerprints alone.
package redact

import (
	"bytes"
	"cmp"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"slices"
	"strings"

	"kindling/generator/internal/node"
)

// Redactor replaces secrets by fingerprints. Without its salt a short secret cannot be guessed from its fingerprint.
type Redactor struct {
	salt [sha256.Size]byte
}

// New returns a Redactor. Its salt is made from a secret that whoever reads the tree does not have.
func New(secret []byte) Redactor {
	return Redactor{sha256.Sum256(append([]byte("kindling fingerprints\n"), secret...))}
}

// File is a file of the tree.
type File struct {
	Path string
	Data []byte
}

// Files are the machine's files and units, by their paths on the machine. script names the file of the tree in which people read the
// machine's script.
func (r Redactor) Files(n node.Node, script string) []File {
	var files []File
	for _, f := range n.All() {
		data := r.Content(f)
		if f.Source != "" {
			data = []byte("see " + script + "\n")
		}
		files = append(files, File{f.Path, data})
	}
	for _, u := range n.Units {
		if name, content := u.File(); content != "" {
			files = append(files, File{name, []byte(content)})
		}
	}
	slices.SortFunc(files, func(a, b File) int { return cmp.Compare(a.Path, b.Path) })
	return files
}

// Content is what people may read of a file.
func (r Redactor) Content(f node.File) []byte {
	if f.Secret && len(f.Hidden) == 0 || bytes.Contains(f.Content, []byte("PRIVATE KEY-----")) {
		return []byte(r.Fingerprint(f.Content) + "\n")
	}
	text := f.Content
	for _, part := range f.Hidden {
		text = bytes.ReplaceAll(text, []byte(part), []byte(r.Fingerprint([]byte(part))))
	}
	return described(text)
}

// Fingerprint stands for a secret.
func (r Redactor) Fingerprint(secret []byte) string {
	mac := hmac.New(sha256.New, r.salt[:])
	mac.Write(secret)
	return fmt.Sprintf("sha256:%x", mac.Sum(nil))
}

// described has fingerprints in the place of a text's certificates and public keys.
func described(text []byte) []byte {
	const begin = "-----BEGIN "
	var out bytes.Buffer
	for {
		i := bytes.Index(text, []byte(begin))
		if i < 0 {
			break
		}
		block, rest := pem.Decode(text[i:])
		if block == nil {
			break
		}
		out.Write(text[:i])
		fmt.Fprintf(&out, "%s sha256:%x\n", strings.ToLower(block.Type), sha256.Sum256(block.Bytes))
		if block.Type == "CERTIFICATE" {
			out.WriteString(certificate(block.Bytes))
		}
		text = rest
	}
	out.Write(text)
	return out.Bytes()
}

// certificate says in words what a certificate is for, without its times, which are others in the next one of the same kind.
func certificate(der []byte) string {
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		return ""
	}
	text := fmt.Sprintf("  subject %s\n  issuer %s\n", cert.Subject, cert.Issuer)
	names := slices.Clone(cert.DNSNames)
	for _, address := range cert.IPAddresses {
		names = append(names, address.String())
	}
	if len(names) > 0 {
		text += "  names " + strings.Join(names, ", ") + "\n"
	}
	return text
}

// Boot describes the machine in a page: what it is, what it does at its boot, and what it gets.
func Boot(n node.Node, head, script string) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s\n\nsteps, in %s:\n", head, script)
	for _, s := range n.Steps {
		when := "once"
		if s.EveryBoot {
			when = "every boot"
		}
		fmt.Fprintf(&b, "  %-16s %-12s %s\n", s.Name, when, s.Does)
	}
	b.WriteString("\nunits:\n")
	for _, u := range n.Units {
		fmt.Fprintf(&b, "  %-40s %s\n", u.Name, stateOf(u))
	}
	b.WriteString("\nfiles:\n")
	for _, f := range n.All() {
		secret := ""
		if f.Secret {
			secret = "  secret"
		}
		owner := ""
		if f.Owner != "" {
			owner = "  " + f.Owner
		}
		fmt.Fprintf(&b, "  %04o %s%s%s\n", f.Mode, f.Path, owner, secret)
	}
	if own := n.SnippetsFor(n.OS.Format); len(own) > 0 {
		b.WriteString("\nsnippets merged into it:\n")
		for _, s := range own {
			fmt.Fprintf(&b, "  %s\n", s.Name)
		}
	}
	if len(n.SSHAuthorizedKeys) > 0 {
		fmt.Fprintf(&b, "\nSSH keys of the user %s:\n", n.OS.User)
		for _, key := range n.SSHAuthorizedKeys {
			fmt.Fprintf(&b, "  %s\n", key)
		}
	}
	lines := strings.Split(b.String(), "\n")
	for i, line := range lines {
		lines[i] = strings.TrimRight(line, " ")
	}
	return []byte(strings.Join(lines, "\n"))
}

func stateOf(u node.Unit) string {
	switch {
	case u.Masked:
		return "masked"
	case u.Enabled:
		return "enabled"
	}
	return "started by others"
}
