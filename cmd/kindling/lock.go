package main

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"kindling/generator/lock"
	"kindling/generator/spec"

	"github.com/urfave/cli/v2"
)

func (p *program) lockCommand() *cli.Command {
	return &cli.Command{
		Name:  "lock",
		Usage: "pin every download and package of the machines in kindling.lock, beside the cluster's file",
		Description: "It asks the publishers, or the mirrors of the cluster's file, by the proxy of the environment, and trusts trustedCAFile. Downloads are pinned by their " +
			"SHA-256, packages by their version and the fingerprint of the key that signs their repository. What is pinned already stays, and has " +
			"to be what the publisher has today.",
		UsageText: `kindling lock
kindling lock --upgrade
kindling lock --list urls > urls && wget -q -x -P mirror -i urls`,
		Flags: []cli.Flag{
			fileFlag(), filesFlag(),
			&cli.StringFlag{Name: "from", Usage: "ask the files in `DIR` instead, laid out by host and path as `wget -x` does"},
			&cli.BoolFlag{Name: "upgrade", DisableDefaultText: true, Usage: "pin anew what is pinned already"},
			&cli.StringFlag{Name: "list", Usage: "write nothing, and print what is pinned for a mirror of downloads: `FORM` urls for `wget -x -i -`, sums for `sha256sum -c`"},
		},
		Action: func(ctx *cli.Context) error {
			form := ctx.String("list")
			if !slices.Contains([]string{"", "urls", "sums"}, form) {
				return usageError{fmt.Errorf("unknown list %q; one of urls, sums", form)}
			}
			cluster, err := p.loadWhole(ctx)
			if err != nil {
				return err
			}
			name := lockFile(ctx)
			pinned, err := readLock(name)
			if err != nil {
				return err
			}
			if form != "" {
				return p.listLock(pinned, form)
			}
			return p.updateLock(ctx, cluster, name, pinned)
		},
	}
}

// lockFile is beside the cluster's file.
func lockFile(ctx *cli.Context) string { return filepath.Join(specDir(ctx), lock.FileName) }

// readLock reads a lock; one that is not there pins nothing.
func readLock(name string) (*lock.Lock, error) {
	text, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		return lock.New(nil, nil, nil), nil
	} else if err != nil {
		return nil, err
	}
	return lock.Parse(text)
}

func (p *program) listLock(pinned *lock.Lock, form string) error {
	files := map[string]string{}
	for _, d := range pinned.Downloads() {
		files[d.URL] = d.SHA256
	}
	for _, m := range pinned.Manifests() {
		files[m.URL] = m.SHA256
	}
	for _, url := range slices.Sorted(maps.Keys(files)) {
		line := url
		if form == "sums" {
			line = files[url] + "  " + lock.LocalPath(url)
		}
		if _, err := fmt.Fprintln(p.stdout, line); err != nil {
			return err
		}
	}
	return nil
}

func (p *program) updateLock(ctx *cli.Context, cluster *spec.Cluster, name string, pinned *lock.Lock) error {
	web, err := lock.NewWeb(cluster)
	if err != nil {
		return err
	}
	var source lock.Source = web
	if dir := ctx.String("from"); dir != "" {
		source = lock.Directory(dir)
	}
	wanted := lock.Wanted(cluster)
	if len(wanted.Items)+len(wanted.Repositories)+len(wanted.Manifests) == 0 {
		p.note("no machine fetches anything without a sum in the cluster's file: there is nothing to lock")
		return nil
	}
	updated, notes, err := lock.Update(ctx.Context, pinned, wanted, source, ctx.Bool("upgrade"))
	if err != nil {
		return err
	}
	for _, note := range notes {
		p.warn("%s", note)
	}
	text, err := updated.Bytes()
	if err != nil {
		return err
	}
	if err := replaceFile(name, text); err != nil {
		return err
	}
	var bytes int64
	for _, d := range updated.Downloads() {
		bytes += d.Size
	}
	for _, m := range updated.Manifests() {
		bytes += m.Size
	}
	packages := 0
	for _, r := range updated.Repositories() {
		packages += len(r.Packages)
	}
	p.note("%s pins %s, %.0f MB in all, and %s", name, counted(len(wanted.Items)+len(wanted.Manifests), "download", "downloads"), float64(bytes)/1e6, counted(packages, "package", "packages"))
	return nil
}

// replaceFile writes a file that is whole, or as it was.
func replaceFile(name string, text []byte) error {
	next := "." + filepath.Base(name) + "-*"
	left, err := filepath.Glob(filepath.Join(filepath.Dir(name), next))
	if err != nil {
		return err
	}
	for _, file := range left { // by runs that were killed
		if err := os.Remove(file); err != nil {
			return err
		}
	}
	f, err := os.CreateTemp(filepath.Dir(name), next)
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) // which is gone once it has the name
	_, err = f.Write(text)
	if err = errors.Join(err, f.Chmod(0o644), f.Sync(), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), name)
}
