package plan

import (
	"bytes"
	"compress/gzip"
	"fmt"
)

// File is a file on the machine, owned by root.
type File struct {
	Path    string
	Mode    int
	Content []byte
	// Gzip is Content compressed (RFC 1952), for formats that can carry it so: of scripts and manifests, whose size counts
	// and which nobody reviews in a document. Nil for others.
	Gzip []byte
}

func public(path string, content []byte) File {
	return File{Path: path, Mode: 0o644, Content: content}
}

func secret(path string, content []byte) File {
	return File{Path: path, Mode: 0o600, Content: content}
}

// packed is a file that travels compressed. Compression is slow: what nodes share is packed once.
func packed(path string, mode int, content []byte) File {
	return File{Path: path, Mode: mode, Content: content, Gzip: compress(content)}
}

// compress writes no time and no name, so that the same content gives the same bytes.
func compress(content []byte) []byte {
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
