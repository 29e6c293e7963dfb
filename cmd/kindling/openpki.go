package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"kindling/generator/spec"
	"kindling/pki/store"

	"github.com/urfave/cli/v2"
)

func pkiFlag() cli.Flag {
	return &cli.StringFlag{Name: "pki", EnvVars: []string{"KINDLING_PKI"}, Usage: "keys and certificates are in `DIR` (default: pki, next to the cluster's file); - means a tar archive on standard input"}
}

// keyFlags are for commands that use the private keys of a cluster.
func keyFlags() []cli.Flag {
	return []cli.Flag{
		fileFlag(), pkiFlag(),
		&cli.StringSliceFlag{Name: "identity", EnvVars: []string{"KINDLING_IDENTITY"}, Usage: "open a sealed PKI with the identity in `FILE`: age's, or an SSH private key; may be repeated"},
		&cli.StringFlag{Name: "identity-command", Usage: "open a sealed PKI with the identity that `COMMAND`, run by sh, prints"},
	}
}

// archived is the value of --pki for an archive on standard input.
const archived = "-"

func pkiDir(ctx *cli.Context) string {
	if dir := ctx.String("pki"); dir != "" {
		return dir
	}
	return filepath.Join(specDir(ctx), "pki")
}

// pkiName is where the PKI is, in messages.
func pkiName(ctx *cli.Context) string {
	if dir := pkiDir(ctx); dir != archived {
		return dir
	}
	return "<stdin>"
}

// pkiCommand is a command line that puts the PKI right.
func pkiCommand(ctx *cli.Context, name string) string {
	if pkiDir(ctx) == archived {
		return "kindling " + name + " where the archive comes from"
	}
	return command(ctx, name)
}

// openPKI is the PKI that the flags name, be it sealed or not.
func (p *program) openPKI(ctx *cli.Context) (*store.PKI, error) {
	if pkiDir(ctx) == archived {
		return store.OpenArchive(pkiName(ctx), p.stdin, p.identities(ctx))
	}
	dir := pkiDir(ctx)
	if info, err := os.Stat(dir); err == nil && !info.IsDir() {
		return nil, fmt.Errorf("%s is not a directory; --pki names the one with the keys and certificates, or is - for an archive on standard input", dir)
	}
	return store.Open(dir, p.identities(ctx)), nil
}

// changePKI does something to the cluster's PKI while nobody else does.
func (p *program) changePKI(ctx *cli.Context, change func(cluster *spec.Cluster, dir *store.PKI) error) error {
	cluster, err := p.loadSpec(ctx)
	if err != nil {
		return err
	}
	dir, err := p.openPKI(ctx)
	if err != nil {
		return err
	}
	unlock, err := dir.Lock()
	if err != nil {
		return err
	}
	defer unlock()
	return change(cluster, dir)
}

// identities open a sealed PKI. They are read when they are needed.
func (p *program) identities(ctx *cli.Context) *store.Identities {
	found := &store.Identities{Passphrase: askPassphrase}
	for _, name := range ctx.StringSlice("identity") {
		if name != "" { // an empty variable in the environment
			found.Sources = append(found.Sources, store.Source{Name: name, Read: func() ([]byte, error) { return os.ReadFile(name) }})
		}
	}
	if line := ctx.String("identity-command"); line != "" {
		found.Sources = append(found.Sources, store.Source{Name: "--identity-command", Read: func() ([]byte, error) { return p.identityFrom(line) }})
	}
	return found
}

// identityFrom is what a command prints. It may ask on the terminal, but has no standard input, where an archive may come from.
func (p *program) identityFrom(line string) ([]byte, error) {
	sh := exec.Command("sh", "-c", line)
	sh.Stderr = p.stderr
	return sh.Output()
}
