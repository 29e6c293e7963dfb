package store

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"slices"
	"strings"
)

var (
	errNoRecipient = errors.New("a PKI is sealed to at least one recipient")
	errBoth        = errors.New("is there in the clear and sealed; move the one that is out of date away")
	errLink        = errors.New("is a symbolic link, and what it points to would stay in the clear; put the file itself here")
)

// Seal encrypts all secret files of a directory that is held, and removes them in the clear, at one stroke: however the run ends,
// the whole set is sealed, or is as it was, and nothing is lost. Without recipients, it seals to the recorded ones. What is
// sealed already stays as it is, unless these are others than the recorded ones. It returns the names of the files that it has
// sealed.
func (p *PKI) Seal(to Recipients) ([]string, error) {
	if to == nil {
		to = p.recipients
	}
	if to == nil {
		return nil, errNoRecipient
	}
	if _, err := encrypt(nil, to.keys()); err != nil { // these recipients cannot be mixed
		return nil, err
	}
	files, err := p.clear()
	if err != nil {
		return nil, err
	}
	if !to.equal(p.recipients) {
		sealed, err := p.sealed()
		if err != nil {
			return nil, err
		}
		maps.Copy(files, sealed)
		files[recipientsFile] = to.text()
	}
	if len(files) == 0 {
		return nil, nil
	}
	done := slices.DeleteFunc(slices.Sorted(maps.Keys(files)), isPublic)
	if files, err = to.seal(files); err != nil {
		return nil, err
	}
	return done, p.files.Replace(files)
}

// clear are the secret files in the clear.
func (p *PKI) clear() (map[string][]byte, error) {
	names, err := p.files.Names()
	files, errs := map[string][]byte{}, []error{err}
	for _, name := range names {
		if isPublic(name) || isSealed(name) {
			continue
		}
		data, err := p.readClear(name)
		if err != nil {
			err = fmt.Errorf("%s: %w", p.path(name), cause(err))
		}
		files[name], errs = data, append(errs, err)
	}
	return files, errors.Join(errs...)
}

// readClear reads a file that is here in the clear, and nowhere else.
func (p *PKI) readClear(name string) ([]byte, error) {
	if _, err := os.Lstat(p.path(name + sealedSuffix)); err == nil {
		return nil, errBoth
	}
	info, err := os.Lstat(p.path(name))
	if err != nil {
		return nil, err
	}
	if info.Mode()&fs.ModeSymlink != 0 {
		return nil, errLink
	}
	return p.files.Read(name)
}

// sealed are the contents of the sealed files.
func (p *PKI) sealed() (map[string][]byte, error) {
	names, err := p.files.Names()
	files, errs := map[string][]byte{}, []error{err}
	for _, name := range names {
		name, ok := strings.CutSuffix(name, sealedSuffix)
		if !ok {
			continue
		}
		data, err := p.Read(name)
		var failed *OpenError
		if errors.As(err, &failed) && failed.Everywhere {
			return nil, err
		}
		files[name], errs = data, append(errs, err)
	}
	return files, errors.Join(errs...)
}
