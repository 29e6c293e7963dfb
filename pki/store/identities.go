package store

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rsa"
	"errors"
	"fmt"
	"path/filepath"
	"sync"

	"filippo.io/age"
	"filippo.io/age/agessh"
	"golang.org/x/crypto/ssh"
)

// Identities open sealed files. Nothing is read, run or asked before the first one has to be opened, and then everything once.
type Identities struct {
	Sources []Source
	// Passphrase asks for the passphrase of an identity.
	Passphrase func(identity string) ([]byte, error)

	once sync.Once
	keys []age.Identity
	err  error
}

// Source is where identities come from: age's own, one a line, or an SSH private key, either of them with a passphrase or without.
type Source struct {
	Name string
	Read func() ([]byte, error)
}

// OpenError is why a sealed file cannot be opened. It holds nothing of what is in it.
type OpenError struct {
	File          string // its name in the PKI
	Fault, Remedy string
	Everywhere    bool // it is the same with every file

	dir string
}

func (e *OpenError) Error() string {
	return fmt.Sprintf("%s: %s; %s", filepath.Join(e.dir, filepath.FromSlash(e.File)), e.Fault, e.Remedy)
}

// Explain says which file of the PKI is at fault, and what to do about it.
func (e *OpenError) Explain() (file, fault, remedy string, everywhere bool) {
	return e.File, e.Fault, e.Remedy, e.Everywhere
}

var (
	errPassphrase = errors.New("is encrypted, and not with this passphrase")
	errIdentity   = errors.New("holds neither identities of age (AGE-SECRET-KEY-…) nor an SSH private key (ed25519 or RSA)")
)

// open returns what is in a sealed file.
func (i *Identities) open(sealed []byte) ([]byte, *OpenError) {
	if i == nil || len(i.Sources) == 0 {
		return nil, &OpenError{Fault: "is sealed", Remedy: "say with --identity FILE or KINDLING_IDENTITY what opens it", Everywhere: true}
	}
	i.once.Do(i.load)
	if i.err != nil {
		return nil, &OpenError{Fault: "is sealed, and cannot be opened: " + i.err.Error(), Remedy: "use another one with --identity", Everywhere: true}
	}
	content, err := decrypt(sealed, i.keys)
	var noMatch *age.NoIdentityMatchError
	switch {
	case errors.As(err, &noMatch):
		return nil, &OpenError{Fault: "is sealed to others than the given identity", Remedy: "use one of those in the file recipients, with --identity"}
	case err != nil: // age's words are about its format
		return nil, &OpenError{Fault: "is damaged, or not whole", Remedy: "restore it from git or from a copy"}
	}
	return content, nil
}

func (i *Identities) load() {
	for _, source := range i.Sources {
		keys, err := i.parse(source)
		if err != nil {
			i.err = fmt.Errorf("%s %w", source.Name, err)
			return
		}
		i.keys = append(i.keys, keys...)
	}
}

func (i *Identities) parse(source Source) ([]age.Identity, error) {
	data, err := source.Read()
	if err != nil {
		return nil, fmt.Errorf("cannot be read: %w", cause(err))
	}
	switch {
	case isArmored(data), bytes.HasPrefix(data, []byte("age-encryption.org/")):
		if data, err = i.withPassphrase(source.Name, data); err != nil {
			return nil, err
		}
	case bytes.Contains(data, []byte("-----BEGIN")):
		return i.parseSSH(source.Name, data)
	}
	keys, err := age.ParseIdentities(bytes.NewReader(data))
	if err != nil {
		return nil, errIdentity
	}
	return keys, nil
}

// withPassphrase opens a file of identities that is encrypted with a passphrase.
func (i *Identities) withPassphrase(name string, data []byte) ([]byte, error) {
	passphrase, err := i.Passphrase(name)
	if err != nil {
		return nil, err
	}
	key, err := age.NewScryptIdentity(string(passphrase))
	if err != nil { // it is empty
		return nil, errPassphrase
	}
	if data, err = decrypt(data, []age.Identity{key}); err != nil {
		return nil, errPassphrase
	}
	return data, nil
}

func (i *Identities) parseSSH(name string, data []byte) ([]age.Identity, error) {
	key, err := ssh.ParseRawPrivateKey(data)
	if missing := new(ssh.PassphraseMissingError); errors.As(err, &missing) {
		passphrase, err := i.Passphrase(name)
		if err != nil {
			return nil, err
		}
		if key, err = ssh.ParseRawPrivateKeyWithPassphrase(data, passphrase); err != nil {
			return nil, errPassphrase
		}
	} else if err != nil {
		return nil, errIdentity
	}
	var identity age.Identity
	switch key := key.(type) {
	case *ed25519.PrivateKey:
		identity, err = agessh.NewEd25519Identity(*key)
	case ed25519.PrivateKey: // in PKCS #8
		identity, err = agessh.NewEd25519Identity(key)
	case *rsa.PrivateKey:
		identity, err = agessh.NewRSAIdentity(key)
	default:
		err = errIdentity
	}
	return []age.Identity{identity}, err
}
