package node

import (
	"bytes"
	"fmt"

	"github.com/klauspost/compress/gzip"
)

// File is a file on the machine, owned by root.
type File struct {
	Path    string
	Mode    int // permission bits
	Content []byte
	// Secret content must not appear in a redacted document, a message or a difference.
	Secret bool
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

// Packed is the file in compressed form. Compression is slow: pack what nodes share once.
func (f File) Packed() File {
	f.Gzip = Gzip(f.Content)
	return f
}

// Gzip compresses as far as it goes. It writes no time and no name, so the same content gives the same bytes. The standard library's
// bytes are larger and may change with the release of Go.
func Gzip(content []byte) []byte {
	var out bytes.Buffer
	w, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err == nil {
		if _, err = w.Write(content); err == nil {
			err = w.Close()
		}
	}
	if err != nil {
		panic(fmt.Sprintf("gzip into memory: %v", err)) // neither the level nor a buffer can fail
	}
	return out.Bytes()
}
