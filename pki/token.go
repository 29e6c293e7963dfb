package pki

import (
	"bytes"
	"crypto/rand"
	"errors"
	"regexp"
	"strings"
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
