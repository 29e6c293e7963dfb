// Package gzip compresses what is in documents. It writes no time and no name, so the same content gives the same bytes. The standard
// library's bytes are larger and may change with the release of Go.
package gzip

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"

	"github.com/andybalholm/brotli/flate"
	"github.com/klauspost/compress/gzip"
)

// Pack compresses in about a millisecond.
func Pack(content []byte) []byte {
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

// Squeeze makes a script some two percent smaller, in twenty times the time: whether a document can be launched may depend on it. What is
// too large for that anyway is packed.
func Squeeze(content []byte) []byte {
	if len(content) > 64<<10 {
		return Pack(content)
	}
	// RFC 1952: deflate, no flags, no time, an unknown system.
	out := []byte{0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255}
	out = flate.NewEncoder().Encode(out, content, cheapest(content), true)
	out = binary.LittleEndian.AppendUint32(out, crc32.ChecksumIEEE(content))
	return binary.LittleEndian.AppendUint32(out, uint32(len(content)))
}
