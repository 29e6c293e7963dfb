package store

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"filippo.io/age"
	"filippo.io/age/agessh"
)

// Recipients are those to whom secret files are sealed.
type Recipients []recipient

type recipient struct {
	line string
	key  age.Recipient
}

const recipientsHeader = "# Who can open the sealed files (*.age). To change it, run kindling pki seal with other recipients.\n"

var (
	errNoRecipientIn = errors.New("holds no recipient")
	errRecipient     = errors.New("is no recipient: neither age1…, ssh-ed25519 … nor ssh-rsa …")
	errIsIdentity    = errors.New("is an identity, which is secret; its recipient is what age-keygen -y prints")
)

// ParseRecipients reads a file of age's recipients, one a line. Lines that begin with # are comments. Errors name the place and
// show nothing of the text, which may be an identity by mistake.
func ParseRecipients(place string, text []byte) (Recipients, error) {
	var found Recipients
	var errs []error
	n := 0
	for line := range strings.Lines(string(text)) {
		n++
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		key, err := parseRecipient(line)
		if err != nil {
			errs = append(errs, fmt.Errorf("%s:%d: %w", place, n, err))
		}
		found = append(found, recipient{line, key})
	}
	if len(found) == 0 {
		errs = append(errs, fmt.Errorf("%s: %w", place, errNoRecipientIn))
	}
	return found, errors.Join(errs...)
}

func parseRecipient(line string) (key age.Recipient, err error) {
	switch {
	case strings.HasPrefix(line, "AGE-"), strings.HasPrefix(line, "-----BEGIN"):
		return nil, errIsIdentity
	case strings.HasPrefix(line, "age1pq1"):
		key, err = age.ParseHybridRecipient(line)
	case strings.HasPrefix(line, "age1"):
		key, err = age.ParseX25519Recipient(line)
	case strings.HasPrefix(line, "ssh-"):
		key, err = agessh.ParseRecipient(line)
	default:
		return nil, errRecipient
	}
	if err != nil {
		return nil, errRecipient
	}
	return key, nil
}

func (r Recipients) keys() []age.Recipient {
	var keys []age.Recipient
	for _, one := range r {
		keys = append(keys, one.key)
	}
	return keys
}

// text is the file of the recipients.
func (r Recipients) text() []byte {
	return []byte(recipientsHeader + strings.Join(slices.Sorted(maps.Values(r.byKey())), "\n") + "\n")
}

// equal reports whether these are the same recipients, in whatever order.
func (r Recipients) equal(other Recipients) bool {
	return maps.EqualFunc(r.byKey(), other.byKey(), func(string, string) bool { return true })
}

// byKey are the recipients' lines by what counts of them: not the comment after an SSH key.
func (r Recipients) byKey() map[string]string {
	lines := map[string]string{}
	for _, one := range r {
		fields := strings.Fields(one.line)
		lines[strings.Join(fields[:min(2, len(fields))], " ")] = one.line
	}
	return lines
}

// seal returns the files with the secret ones sealed.
func (r Recipients) seal(files map[string][]byte) (map[string][]byte, error) {
	keys := r.keys()
	out := map[string][]byte{}
	for name, data := range files {
		if isPublic(name) {
			out[name] = data
			continue
		}
		sealed, err := encrypt(data, keys)
		if err != nil {
			return nil, fmt.Errorf("sealing %s: %w", name, err)
		}
		out[name+sealedSuffix] = sealed
	}
	return out, nil
}
