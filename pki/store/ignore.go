package store

import (
	"errors"
	"io/fs"
	"os"
)

const (
	ignoreAll = "*\n"
	// Of a sealed directory, git may have what is sealed or public, by its name.
	ignoreClear = `*
!*/
.*/
!*.age
!*.crt
!*.pub
!/recipients
!/.gitignore
`
)

// ignore writes the .gitignore that keeps secrets out of git. One that somebody has changed stays.
func (d Directory) ignore() error {
	want, other := ignoreAll, ignoreClear
	if _, err := os.Stat(d.path(recipientsFile)); err == nil {
		want, other = other, want
	}
	switch text, err := os.ReadFile(d.path(".gitignore")); {
	case errors.Is(err, fs.ErrNotExist), err == nil && string(text) == other:
		return d.write(map[string][]byte{".gitignore": []byte(want)}, os.Rename)
	default:
		return err
	}
}
