package pki

import (
	"bytes"
	"encoding/asn1"
	"regexp"
)

// formError says in what form a file is that holds no PEM as the programs on the machines read it.
type formError struct{ fault, remedy string }

func (e *formError) Error() string { return e.fault }

// forms are those that people meet.
var forms = []struct {
	has func(data []byte) bool
	is  *formError
}{
	{begins("\xef\xbb\xbf"), &formError{"begins with a byte-order mark, so that no program finds the first line", "save it as UTF-8 without one"}},
	{begins("\xff\xfe"), &formError{"is UTF-16, as PowerShell writes it", "save it as ASCII or UTF-8"}},
	{isDER, &formError{"is DER, not PEM", "convert it with openssl, -inform DER -outform PEM"}},
	{matches(`^\s*LS0tLS1CRUdJTi`), &formError{"is base64 of PEM, as a Secret holds it", "decode it with base64 -d"}},
	{matches(`-----BEGIN [A-Z0-9 ]+-----\\n`), &formError{`has \n in the place of line ends`, `write it out with printf '%b'`}},
	{matches(`-----BEGIN [A-Z0-9 ]+-----\r[^\n]`), &formError{"has a carriage return alone in the place of line ends", `convert it with tr '\r' '\n'`}},
	{matches(`(?m)^[ \t"']+-----BEGIN `), &formError{"has something before -----BEGIN in its line, as if it were cut out of YAML", "let each line begin in the first column"}},
}

func begins(prefix string) func([]byte) bool {
	return func(data []byte) bool { return bytes.HasPrefix(data, []byte(prefix)) }
}

func matches(pattern string) func([]byte) bool { return regexp.MustCompile(pattern).Match }

// isDER reports whether data are one ASN.1 sequence, as certificates and keys are.
func isDER(data []byte) bool {
	var whole asn1.RawValue
	rest, err := asn1.Unmarshal(data, &whole)
	return err == nil && len(rest) == 0 && whole.Class == asn1.ClassUniversal && whole.Tag == asn1.TagSequence
}

// misread says why no program finds what the file seems to hold, or nil.
func misread(data []byte) error {
	for _, form := range forms {
		if form.has(data) {
			return form.is
		}
	}
	return nil
}
