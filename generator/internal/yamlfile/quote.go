package yamlfile

import (
	"fmt"
	"regexp"
	"strings"
)

// MaxQuoted is the number of characters of a user's value that a message repeats.
const MaxQuoted = 60

const notShown = "(a secret, not shown)"

// Quote repeats a user's value in a message: not at any length, and never a secret.
func Quote(s string) string {
	if LooksSecret(s) {
		return notShown
	}
	if short := clip(s); short != s {
		return fmt.Sprintf("%q…", strings.TrimSuffix(short, "…"))
	}
	return fmt.Sprintf("%q", s)
}

func clip(s string) string {
	if r := []rune(s); len(r) > MaxQuoted {
		return string(r[:MaxQuoted]) + "…"
	}
	return s
}

// The marks of private keys in PEM, of OpenSSH's without its first line, of age identities and of bootstrap tokens.
var secret = regexp.MustCompile(`PRIVATE KEY|b3BlbnNzaC1rZXktdjE|AGE-SECRET-KEY-|(^|[^a-z0-9.-])([a-z0-9]{6}\.[a-z0-9]{16})($|[^a-z0-9.-])`)

// LooksSecret reports whether a text seems to hold a private key or a token, which must not reach a terminal or a log.
func LooksSecret(s string) bool { return secret.MatchString(s) }
