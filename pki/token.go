package pki

import (
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"
)

var errToken = errors.New("is not of the form [a-z0-9]{6}.[a-z0-9]{16}")

var tokenForm = regexp.MustCompile(`^[a-z0-9]{6}\.[a-z0-9]{16}$`)

// NewToken makes a kubeadm bootstrap token: six characters that name it, a dot, and sixteen (80 bits) that are secret.
func NewToken() string {
	text := strings.ToLower(rand.Text()) // 26 characters of base32
	return text[:6] + "." + text[6:22]
}

// parseToken accepts a token with white space around it, as editors leave it.
func parseToken(data []byte) (string, error) {
	token := string(bytes.TrimSpace(data))
	if !tokenForm.MatchString(token) {
		return "", errToken
	}
	return token, nil
}

// ReplaceToken makes another bootstrap token and hands it to replace by the name of its file. It returns a Secret that ends the old
// one: the cluster deletes a token that has expired.
func (b *Bundle) ReplaceToken(replace func(files map[string][]byte) error) (end []byte, err error) {
	end = b.TokenSecret(time.Unix(0, 0))
	token := NewToken()
	file := []byte(token + "\n")
	if err := replace(map[string][]byte{tokenFile: file}); err != nil {
		return nil, err
	}
	b.token, b.tokenFile = token, file
	return end, nil
}

// TokenSecret is the bootstrap token as the manifest of a Secret with which workers may join until it expires, or for ever
// with the zero time. It is the token of before, so that documents that have it remain good.
// Source: Kubernetes' documentation, "Authenticating with Bootstrap Tokens"; the group is kubeadm's.
func (b *Bundle) TokenSecret(expires time.Time) []byte {
	id, secret, _ := strings.Cut(b.token, ".")
	var out bytes.Buffer
	fmt.Fprintf(&out, "apiVersion: v1\nkind: Secret\nmetadata:\n  name: bootstrap-token-%s\n  namespace: kube-system\n", id)
	fmt.Fprintf(&out, "type: bootstrap.kubernetes.io/token\nstringData:\n  token-id: %q\n  token-secret: %q\n", id, secret)
	if !expires.IsZero() {
		fmt.Fprintf(&out, "  expiration: %q\n", expires.UTC().Format(time.RFC3339))
	}
	out.WriteString("  usage-bootstrap-authentication: \"true\"\n  usage-bootstrap-signing: \"true\"\n")
	out.WriteString("  auth-extra-groups: system:bootstrappers:kubeadm:default-node-token\n")
	return out.Bytes()
}
