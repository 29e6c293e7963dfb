package spec

import (
	"fmt"
	"net/netip"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"kindling/generator/internal/yamlfile"
)

var (
	allDigits     = regexp.MustCompile(`^[0-9]+$`)
	qualifiedPart = regexp.MustCompile(`^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$`)
)

// labelFault says why s is not an RFC 1123 label, or "".
func labelFault(s string) string {
	switch {
	case s == "":
		return "is empty"
	case len(s) > 63:
		return fmt.Sprintf("has %d characters, more than 63", len(s))
	case s[0] == '-' || s[len(s)-1] == '-':
		return "begins or ends with \"-\""
	}
	return charactersFault(s)
}

func charactersFault(s string) string {
	i := strings.IndexFunc(s, func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '-' })
	if i < 0 {
		return ""
	}
	r, _ := utf8.DecodeRuneInString(s[i:])
	if r > unicode.MaxASCII && unicode.IsSpace(r) {
		return fmt.Sprintf("contains U+%04X, which only looks like a space, as in text from a web page; remove it", r)
	}
	return fmt.Sprintf("contains %q; use a-z, 0-9 and \"-\"", string(r))
}

// subdomainFault says why s is not an RFC 1123 subdomain, or "".
func subdomainFault(s string) string {
	if len(s) > 253 {
		return fmt.Sprintf("has %d characters, more than 253", len(s))
	}
	for part := range strings.SplitSeq(s, ".") {
		switch fault := labelFault(part); {
		case s == "":
			return fault
		case part == "":
			return "has an empty part before, between or after its dots"
		case fault != "" && part != s:
			return "has a part that " + fault
		case fault != "":
			return fault
		}
	}
	return ""
}

// nameHint offers a similar name that is valid.
func nameHint(s string) string {
	name := strings.Trim(strings.NewReplacer("_", "-", " ", "-").Replace(strings.ToLower(s)), "-.")
	if name != s && subdomainFault(name) == "" && len(name) <= yamlfile.MaxQuoted {
		return fmt.Sprintf(" (did you mean %q?)", name)
	}
	return ""
}

// hostFault says why s is neither an IP address nor a DNS name, or "".
func hostFault(s string) string {
	if addr, err := netip.ParseAddr(s); err == nil {
		return addrFault(addr)
	}
	if last := s[strings.LastIndexByte(s, '.')+1:]; allDigits.MatchString(last) && strings.Contains(s, ".") || strings.Contains(s, ":") {
		return "is neither an IP address nor a DNS name"
	}
	if fault := subdomainFault(s); fault != "" {
		return fault + nameHint(s)
	}
	return ""
}

// addrFault says why other machines cannot reach a machine at this address, or "".
func addrFault(addr netip.Addr) string {
	switch {
	case addr.Zone() != "":
		return "has a zone; write the address without %" + addr.Zone()
	case addr.Is4In6():
		return fmt.Sprintf("is an IPv4 address in IPv6 form (did you mean %q?)", addr.Unmap())
	case addr.IsUnspecified():
		return "is the unspecified address, which no machine has"
	case addr.IsLoopback():
		return "is a loopback address, which no other machine can reach"
	case addr.IsMulticast(), addr == netip.AddrFrom4([4]byte{255, 255, 255, 255}):
		return "is a multicast or broadcast address, which no machine can own"
	case addr.IsLinkLocalUnicast():
		return "is a link-local address, which means a different machine on each link"
	}
	return ""
}

// qualifiedFault says why s is not the key of a label or taint, or "".
func qualifiedFault(s string) string {
	prefix, name, prefixed := strings.Cut(s, "/")
	if !prefixed {
		prefix, name = "", s
	}
	switch {
	case prefixed && subdomainFault(prefix) != "":
		return fmt.Sprintf("has the prefix %s, which is not a DNS name", yamlfile.Quote(prefix))
	case name == "":
		return "has no name after the \"/\""
	case len(name) > 63:
		return fmt.Sprintf("has a name of %d characters, more than 63", len(name))
	case !qualifiedPart.MatchString(name):
		return "may only contain letters, digits, \"-\", \"_\" and \".\" after an optional DNS name and \"/\", and must begin and end with a letter or digit"
	}
	return ""
}

// labelValueFault says why s is not the value of a label or taint, or "".
func labelValueFault(s string) string {
	switch {
	case len(s) > 63:
		return fmt.Sprintf("has %d characters, more than 63", len(s))
	case s != "" && !qualifiedPart.MatchString(s):
		return "may only contain letters, digits, \"-\", \"_\" and \".\", and must begin and end with a letter or digit"
	}
	return ""
}
