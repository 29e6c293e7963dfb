package store

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
)

// PKI has the files of a PKI by their names, whether they are in the clear or sealed: then NAME is kept as NAME.age, text that
// age encrypts to the recipients in the file recipients. Certificates and public keys are never sealed, so that git shows what
// has changed.
type PKI struct {
	name       string
	files      files
	identities *Identities
	recipients Recipients // as of Lock
	lost       bool       // there are sealed files, but no recipients
}

// files are where a PKI is kept.
type files interface {
	Read(name string) ([]byte, error)
	Names() ([]string, error)
	Lock() (unlock func(), err error)
	Add(files map[string][]byte) error
	Replace(files map[string][]byte) error
	Remove(names []string) error
	Permissions(names []string) ([]string, error)
}

const (
	recipientsFile = "recipients"
	sealedSuffix   = ".age"
)

var errNoRecipients = errors.New("is not there, although there are sealed files; restore it, or run kindling pki seal with --recipient")

// Open is the PKI in a directory, which need not exist yet.
func Open(dir string, identities *Identities) *PKI {
	return &PKI{name: dir, files: Directory(dir), identities: identities}
}

// String is where the PKI is.
func (p *PKI) String() string { return p.name }

// Read returns the content of a file, opened if it is sealed. The error of a file that does not exist is [fs.ErrNotExist].
func (p *PKI) Read(name string) ([]byte, error) {
	if isPublic(name) {
		return p.files.Read(name)
	}
	sealed, err := p.files.Read(name + sealedSuffix)
	if errors.Is(err, fs.ErrNotExist) {
		return p.files.Read(name)
	} else if err != nil {
		return nil, err
	}
	content, fault := p.identities.open(sealed)
	if fault != nil {
		fault.dir, fault.File = p.name, name+sealedSuffix
		return nil, fault
	}
	return content, nil
}

// Names lists all files, hidden ones left out, by the names that [PKI.Read] takes.
func (p *PKI) Names() ([]string, error) {
	names, err := p.files.Names()
	for i, name := range names {
		names[i] = strings.TrimSuffix(name, sealedSuffix)
	}
	slices.Sort(names)
	return slices.Compact(names), err
}

// Lock is [Directory.Lock]. Whether the PKI is sealed is certain while it is held.
func (p *PKI) Lock() (unlock func(), err error) {
	if unlock, err = p.files.Lock(); errors.Is(err, errReadOnly) {
		return nil, fmt.Errorf("%s: %w", p.name, err)
	} else if err != nil {
		return nil, err
	}
	if err := p.readRecipients(); err != nil {
		unlock()
		return nil, err
	}
	return unlock, nil
}

func (p *PKI) readRecipients() error {
	text, err := p.files.Read(recipientsFile)
	if err == nil {
		p.recipients, err = ParseRecipients(p.path(recipientsFile), text)
		return err
	} else if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	names, err := p.files.Names()
	p.lost = slices.ContainsFunc(names, isSealed)
	return err
}

// Add is [Directory.Add], and seals the secret files of a sealed PKI.
func (p *PKI) Add(files map[string][]byte) error {
	files, err := p.seal(files)
	if err != nil {
		return err
	}
	return p.files.Add(files)
}

// Replace is [Directory.Replace], and seals the secret files of a sealed PKI.
func (p *PKI) Replace(files map[string][]byte) error {
	files, err := p.seal(files)
	if err != nil {
		return err
	}
	return p.files.Replace(files)
}

// Remove is [Directory.Remove], of sealed files as well.
func (p *PKI) Remove(names []string) error {
	all := slices.Clone(names)
	for _, name := range names {
		all = append(all, name+sealedSuffix)
	}
	return p.files.Remove(all)
}

func (p *PKI) seal(files map[string][]byte) (map[string][]byte, error) {
	if p.lost {
		return nil, fmt.Errorf("%s: %w", p.path(recipientsFile), errNoRecipients)
	}
	if p.recipients == nil {
		return files, nil
	}
	return p.recipients.seal(files)
}

// Permissions is [Directory.Permissions]. Anybody may read what is sealed.
func (p *PKI) Permissions(names []string) ([]string, error) {
	if p.Sealed() {
		return nil, nil
	}
	return p.files.Permissions(names)
}

// Clear are the secret files among these names that are in the clear although the PKI is sealed.
func (p *PKI) Clear(names []string) []string {
	if !p.Sealed() {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(names), func(name string) bool {
		_, err := p.files.Read(name)
		return isPublic(name) || err != nil
	})
}

// Sealed reports whether secret files are sealed, new ones as well.
func (p *PKI) Sealed() bool {
	_, err := p.files.Read(recipientsFile)
	return err == nil
}

func (p *PKI) path(name string) string { return filepath.Join(p.name, filepath.FromSlash(name)) }

func isSealed(name string) bool { return strings.HasSuffix(name, sealedSuffix) }
