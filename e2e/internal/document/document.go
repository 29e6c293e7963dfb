// Package document reads the documents that kindling writes: cloud-init user-data and Ignition configs.
package document

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"io"
	"io/fs"
)

// A File is a file that a machine gets from its document. Units and drop-ins are files in /etc/systemd/system.
type File struct {
	Path    string
	Mode    fs.FileMode
	Content []byte
}

const (
	units       = "/etc/systemd/system/"
	defaultMode = 0o644
)

// Files returns the files in a document of either format and any encoding.
func Files(document []byte) ([]File, error) {
	document, err := decode(document)
	if err != nil {
		return nil, err
	}
	if bytes.HasPrefix(document, []byte("{")) {
		return ignition(document)
	}
	return cloudInit(document)
}

// decode undoes the encoding of user-data, which is gzip, or gzip in base64.
func decode(document []byte) ([]byte, error) {
	if bytes.HasPrefix(document, []byte("H4sI")) { // gzip's magic number in base64
		packed, err := decodeBase64(document)
		if err != nil {
			return nil, err
		}
		document = packed
	}
	if bytes.HasPrefix(document, []byte{0x1f, 0x8b}) {
		return gunzip(document)
	}
	return document, nil
}

func decodeBase64(text []byte) ([]byte, error) {
	return base64.StdEncoding.AppendDecode(nil, bytes.Join(bytes.Fields(text), nil))
}

func gunzip(packed []byte) ([]byte, error) {
	reader, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(reader)
}
