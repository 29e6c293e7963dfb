package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"kindling/generator"
	"kindling/generator/spec"
	"kindling/pki"

	"github.com/urfave/cli/v2"
)

func fileFlag() cli.Flag {
	return &cli.StringFlag{Name: "file", Aliases: []string{"f"}, Value: "cluster.yaml", Usage: "the cluster's `FILE`; - is standard input"}
}

// loadSpec reads and validates the cluster's file; problems and warnings are drawn on stderr.
func (p *program) loadSpec(ctx *cli.Context) (*spec.Cluster, error) {
	name := specName(ctx)
	var (
		data []byte
		err  error
	)
	if ctx.String("file") == "-" {
		data, err = io.ReadAll(p.stdin)
	} else {
		data, err = os.ReadFile(name)
	}
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s does not exist; `kindling new > %s` makes one", name, name)
	} else if err != nil {
		return nil, err
	}
	cluster, problems := spec.Load(data)
	draw(p.stderr, name, data, problems)
	if cluster == nil {
		return nil, errReported
	}
	return cluster, nil
}

// specName is what messages call the cluster's file.
func specName(ctx *cli.Context) string {
	if name := ctx.String("file"); name != "-" {
		return name
	}
	return "<stdin>"
}

// specDir is where the files that a cluster.yaml names are relative to.
func specDir(ctx *cli.Context) string {
	if name := ctx.String("file"); name != "-" {
		return filepath.Dir(name)
	}
	return "."
}

// load is what every command needs that makes documents, from a PKI that has what the request asks for.
func (p *program) load(ctx *cli.Context, request func(*spec.Cluster) (pki.Request, error)) (*generator.Generator, error) {
	cluster, err := p.loadSpec(ctx)
	if err != nil {
		return nil, err
	}
	// Before the PKI, which an unsupported cluster need not have.
	if err := generator.Supported(cluster); err != nil {
		return nil, err
	}
	r, err := request(cluster)
	if err != nil {
		return nil, err
	}
	bundle, err := p.loadPKI(ctx, r)
	if err != nil {
		return nil, err
	}
	return generator.New(cluster, bundle, localFiles(specDir(ctx)))
}

// localFiles opens names relative to a directory, or as they are when absolute. Unlike os.DirFS it lets them leave the
// directory: a cluster.yaml may name ../common/cni.yaml.
type localFiles string

// Open opens a local file.
func (dir localFiles) Open(name string) (fs.File, error) {
	if !filepath.IsAbs(name) {
		name = filepath.Join(string(dir), name)
	}
	return os.Open(name)
}
