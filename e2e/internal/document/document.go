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

// Files returns the files in a document of either format.
func Files(document []byte) ([]File, error) {
	if bytes.HasPrefix(document, []byte("{")) {
		return ignition(document)
	}
	return cloudInit(document)
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
