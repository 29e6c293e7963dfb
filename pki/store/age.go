package store

import (
	"bytes"
	"errors"
	"io"

	"filippo.io/age"
	"filippo.io/age/armor"
)

// encrypt seals data as text, so that git has lines to show.
func encrypt(data []byte, to []age.Recipient) ([]byte, error) {
	var out bytes.Buffer
	text := armor.NewWriter(&out)
	w, err := age.Encrypt(text, to...)
	if err != nil {
		return nil, err
	}
	_, err = w.Write(data)
	err = errors.Join(err, w.Close(), text.Close())
	return out.Bytes(), err
}

// decrypt opens what age has encrypted, as text or in binary.
func decrypt(data []byte, with []age.Identity) ([]byte, error) {
	var in io.Reader = bytes.NewReader(data)
	if isArmored(data) {
		in = armor.NewReader(in)
	}
	r, err := age.Decrypt(in, with...)
	if err != nil {
		return nil, err
	}
	return io.ReadAll(r)
}

func isArmored(data []byte) bool {
	return bytes.HasPrefix(bytes.TrimLeft(data, " \t\r\n"), []byte(armor.Header))
}
