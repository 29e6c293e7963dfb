package yamlfile

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// MaxQuoted is the number of characters that a message repeats of a user's value.
const MaxQuoted = 60

const notShown = "(a secret, not shown)"

// Quote repeats a user's value in a message, shortened if it is long, and never a secret.
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

// secret matches private keys in PEM, OpenSSH keys without their first line, age identities, URLs with a user, a password or a
// signature, and bootstrap tokens.
var secret = regexp.MustCompile(`PRIVATE KEY|b3BlbnNzaC1rZXktdjE|AGE-SECRET-KEY-|://[^\s/@:]*(?::[^\n,{}]*)?@|[?&](?i:[a-z-]*(?:sig|signature|token|key|password|secret))=[^\s"'&]*|(^|[^a-z0-9.-])([a-z0-9]{6}\.[a-z0-9]{16})($|[^a-z0-9.-])`)

// run is what may be base64 of a key.
var run = regexp.MustCompile(`[A-Za-z0-9+/]{32,}`)

// LooksSecret reports whether a text seems to hold a private key, a password or a token, also in base64. Those must not reach a terminal or a log.
func LooksSecret(s string) bool {
	return secret.MatchString(s) || slices.ContainsFunc(run.FindAllString(s, -1), looksRandom)
}

// looksRandom tells base64 from hexadecimal digits, paths and words: it has letters of both cases and digits. Public SSH keys begin with
// AAAA, the length of a short word.
func looksRandom(text string) bool {
	return strings.ContainsAny(text, "0123456789") && strings.ToLower(text) != text && strings.ToUpper(text) != text && !strings.HasPrefix(text, "AAAA")
}
