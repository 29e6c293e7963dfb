package main

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"kindling/pki/store"

	"github.com/urfave/cli/v2"
)

func (p *program) pkiSealCommand() *cli.Command {
	return &cli.Command{
		Name:  "seal",
		Usage: "encrypt private keys and tokens with age, so that only ciphertext is on the disk and in git",
		Description: "Afterwards every command takes --identity FILE or KINDLING_IDENTITY, and new keys are sealed before they are written. In an empty " +
			"directory it does so from the beginning. Without --recipient it seals what has been put there in the clear. With others than before it " +
			"encrypts everything anew, and needs --identity.",
		UsageText: `kindling pki seal --recipient team.txt
kindling pki seal --recipient new-team.txt --identity key.txt`,
		Flags: append(keyFlags(),
			&cli.StringSliceFlag{Name: "recipient", Usage: "seal to `RECIPIENT`: age1..., an SSH public key, or a file with one a line; may be repeated"},
		),
		Action: p.pkiSeal,
	}
}

func (p *program) pkiSeal(ctx *cli.Context) error {
	to, err := recipients(ctx.StringSlice("recipient"))
	if err != nil {
		return err
	}
	dir, err := p.openPKI(ctx)
	if err != nil {
		return err
	}
	if to == nil && !dir.Sealed() {
		return usageError{fmt.Errorf("%s is not sealed yet; --recipient says who can open it", dir)}
	}
	unlock, err := dir.Lock()
	if err != nil {
		return err
	}
	defer unlock()
	began := !dir.Sealed()
	sealed, err := dir.Seal(to)
	if err != nil {
		return err
	}
	switch {
	case len(sealed) > 0:
		p.note("sealed %s in %s; earlier versions may still be on the disk, in copies and in git's history", counted(len(sealed), "file", "files"), dir)
	case began:
		p.note("%s is sealed: what kindling pki init makes there is encrypted before it is written", dir)
	default:
		p.note("nothing to seal in %s", dir)
	}
	p.warnTracked(dir.String(), secretFiles)
	return nil
}

// recipients are those of the flags: each value is a recipient, or a file of them.
func recipients(values []string) (store.Recipients, error) {
	var all store.Recipients
	var errs []error
	for _, value := range values {
		place, text := "--recipient", []byte(value)
		if !strings.HasPrefix(value, "age1") && !strings.HasPrefix(value, "ssh-") {
			var err error
			if text, err = os.ReadFile(value); err != nil {
				errs = append(errs, err)
				continue
			}
			place = value
		}
		some, err := store.ParseRecipients(place, text)
		all, errs = append(all, some...), append(errs, err)
	}
	return all, errors.Join(errs...)
}
