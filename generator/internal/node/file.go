package node

import "kindling/generator/internal/gzip"

// File is a file on the machine.
type File struct {
	Path string
	Mode int // permission bits
	// Owner is a user or USER:GROUP, by names or numbers; empty for root.
	Owner   string
	Content []byte
	// Source is what Content is made of, where people should read that instead: a script before it is made small.
	Source string
	// Secret content must not appear in a redacted document, a message or a difference.
	Secret bool
	// Issued content is a certificate or a public key of the cluster's: anyone may read it, but it is another one in each cluster.
	Issued bool
	// Hidden are the parts of Content that reviewers may not read, or that follow from the cluster's keys alone. Of a Secret file without
	// them it is all.
	Hidden []string
	// Gzip is Content compressed (RFC 1952), for documents that carry it so: scripts and manifests, whose size counts and which
	// nobody reviews inside a document. Nil for other files.
	Gzip []byte
}

// Public is a file that everyone on the machine may read.
func Public(path string, content []byte) File {
	return File{Path: path, Mode: 0o644, Content: content}
}

// Secret is a file for root's eyes only.
func Secret(path string, content []byte) File {
	return File{Path: path, Mode: 0o600, Content: content, Secret: true}
}

// Issued is a certificate or a public key.
func Issued(path string, content []byte) File {
	return File{Path: path, Mode: 0o644, Content: content, Issued: true}
}

// Apart reports whether the file is in the secret part of a machine that has one.
func (f File) Apart() bool { return f.Secret || f.Issued }

// Packed is the file in compressed form. Compression is slow: pack what nodes share once.
func (f File) Packed() File {
	f.Gzip = gzip.Squeeze(f.Content)
	return f
}
