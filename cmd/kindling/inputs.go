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
	return &cli.StringFlag{Name: "file", Aliases: []string{"f"}, Value: "cluster.yaml", Usage: "read the cluster from `FILE`; - means standard input"}
}

// loadSpec reads and validates the cluster's file; problems and warnings are drawn on stderr.
func (p *program) loadSpec(ctx *cli.Context) (*spec.Cluster, error) {
	return p.loadSpecWith(ctx, spec.Local{})
}

// loadWhole is loadSpec with all that the cluster's file names.
func (p *program) loadWhole(ctx *cli.Context) (*spec.Cluster, error) {
	files, err := openLocalFiles(specDir(ctx), ctx.String("files"))
	if err != nil {
		return nil, err
	}
	defer files.Close()
	return p.loadSpecWith(ctx, spec.Local{Files: files, Script: checkScript})
}

func (p *program) loadSpecWith(ctx *cli.Context, local spec.Local) (*spec.Cluster, error) {
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
	cluster, problems := spec.Load(data, local)
	draw(p.stderr, name, data, problems)
	if cluster == nil {
		return nil, errReported
	}
	return cluster, nil
}

// specName is the name of the cluster's file in messages.
func specName(ctx *cli.Context) string {
	if name := ctx.String("file"); name != "-" {
		return name
	}
	return "<stdin>"
}

// specDir is the directory that relative paths in a cluster.yaml start from.
func specDir(ctx *cli.Context) string {
	if name := ctx.String("file"); name != "-" {
		return filepath.Dir(name)
	}
	return "."
}

// load prepares what every command needs that makes documents. It reads no more of the PKI than the request asks for.
func (p *program) load(ctx *cli.Context, request func(*spec.Cluster) (pki.Request, error)) (*generator.Generator, error) {
	cluster, err := p.loadWhole(ctx)
	if err != nil {
		return nil, err
	}
	// This comes first because an unsupported cluster may have no PKI.
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
	pinned, err := readLock(lockFile(ctx))
	if err != nil {
		return nil, err
	}
	return generator.New(cluster, bundle, pinned)
}
