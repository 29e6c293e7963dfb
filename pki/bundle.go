package pki

import (
	"crypto"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
)

// Pair is a certificate and its private key, PEM, byte for byte as they are kept.
type Pair struct {
	Cert, Key []byte // nil if the file is not there, or not needed

	cert *x509.Certificate // nil unless Cert parses
	key  crypto.Signer     // nil unless Key parses
}

// Bundle is what a [Request] needs of a PKI, as far as it is there. Each certificate and key is parsed once.
type Bundle struct {
	request      Request
	pairs        map[string]Pair
	saKey, saPub []byte
	saPrivate    crypto.Signer
	saPublic     []crypto.PublicKey
	firstEtcdCA  []byte // nil if it is still the one
	tokenFile    []byte
	token        string
	unreadable   Problems // of files that are there but cannot be used at all
}

// Format redacts the pair under every verb.
func (Pair) Format(s fmt.State, _ rune) { io.WriteString(s, "pki.Pair{redacted}") }

// Format redacts the bundle under every verb.
func (Bundle) Format(s fmt.State, _ rune) { io.WriteString(s, "pki.Bundle{redacted}") }

// Load reads what the request needs. read returns a file's content; for a file that does not exist its error is
// [fs.ErrNotExist], and it may be an [Explained] one. What is wrong with the files is left to [Bundle.Check] to report, which comes before any use.
func Load(r Request, read func(name string) ([]byte, error)) *Bundle {
	b := &Bundle{request: r, pairs: map[string]Pair{}}
	for _, a := range r.Authorities {
		b.pairs[a.Name] = b.loadPair(a.Name, a.CertOnly, read, parseAuthority)
		b.loadRotation(a.Name, read)
		if a.Name == EtcdCA && b.pairs[EtcdCA].cert != nil {
			b.firstEtcdCA, _ = load(b, firstEtcdCA, read, parseAuthority)
		}
	}
	if r.ServiceAccount {
		b.saKey, b.saPrivate = load(b, saKeyFile, read, parseKey)
		b.saPub, b.saPublic = load(b, saPubFile, read, parsePublicKeys)
		b.loadRotation(ServiceAccount, read)
	}
	if r.BootstrapToken {
		b.tokenFile, b.token = load(b, tokenFile, read, parseToken)
	}
	for _, l := range r.Leaves {
		b.pairs[l.Name] = b.loadPair(l.Name, false, read, parseCertificate)
	}
	return b
}

func (b *Bundle) loadPair(name string, certOnly bool, read func(string) ([]byte, error), parse func([]byte) (*x509.Certificate, error)) Pair {
	var p Pair
	p.Cert, p.cert = load(b, name+".crt", read, parse)
	if !certOnly {
		p.Key, p.key = load(b, name+".key", read, parseKey)
	}
	return p
}

// load returns a file's content and what it says. The content is nil only if the file does not exist: one that cannot be
// read must not count as missing, or another key would be made in its place.
func load[T any](b *Bundle, name string, read func(string) ([]byte, error), parse func([]byte) (T, error)) (data []byte, value T) {
	data, err := read(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, value
	case err != nil:
		b.unreadable = append(b.unreadable, unreadable(name, err))
		return []byte{}, value
	}
	if data == nil {
		data = []byte{}
	}
	if value, err = parse(data); err != nil {
		b.unreadable = append(b.unreadable, Problem{name, err.Error(), remedyFor(name, err), err.Error(), false})
	}
	return data, value
}

// Explained is an error of a read function that says by itself which file is at fault, what is wrong with it and what to do about
// it, and whether every other file like it has the same fault.
type Explained interface {
	error
	Explain() (file, fault, remedy string, everywhere bool)
}

func unreadable(name string, err error) Problem {
	var explained Explained
	if errors.As(err, &explained) {
		file, fault, remedy, everywhere := explained.Explain()
		return Problem{file, fault, remedy, fault, everywhere}
	}
	const fault = "cannot be read: %v"
	return Problem{name, fmt.Sprintf(fault, cause(err)), "make it a readable file", fault, false}
}

// cause is a file error without the path, for messages that name the file already.
func cause(err error) error {
	var pathError *fs.PathError
	if errors.As(err, &pathError) {
		return pathError.Err
	}
	return err
}

// Pair returns the authority or leaf of this name.
func (b *Bundle) Pair(name string) Pair { return b.pairs[name] }

func (b *Bundle) authority(name string) *authority {
	p := b.pairs[name]
	return &authority{p.cert, p.key}
}

// Missing are the names of the files that the request needs and that do not exist.
func (b *Bundle) Missing() []string {
	var list []string
	for _, name := range b.request.Files() {
		if b.file(name) == nil {
			list = append(list, name)
		}
	}
	return list
}

// file is the content of one of the request's files; nil if it does not exist.
func (b *Bundle) file(name string) []byte {
	switch name {
	case saKeyFile:
		return b.saKey
	case saPubFile:
		return b.saPub
	case tokenFile:
		return b.tokenFile
	}
	if pair, ok := strings.CutSuffix(name, ".crt"); ok {
		return b.pairs[pair].Cert
	}
	return b.pairs[strings.TrimSuffix(name, ".key")].Key
}
