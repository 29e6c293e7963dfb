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

func pkiFlag() cli.Flag {
	return &cli.StringFlag{Name: "pki", Usage: "the PKI's `DIR` (default: pki beside the cluster's file)"}
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

func pkiDir(ctx *cli.Context) string {
	if dir := ctx.String("pki"); dir != "" {
		return dir
	}
	return filepath.Join(specDir(ctx), "pki")
}

// loadPKI reads the PKI and checks that it is all that the cluster needs.
func (p *program) loadPKI(ctx *cli.Context, c *spec.Cluster) (*pki.Bundle, error) {
	dir := pkiDir(ctx)
	bundle, err := pki.LoadDir(dir)
	if err != nil {
		return nil, err
	}
	if err := bundle.Check(generator.Request(c), p.now()); err != nil {
		return nil, err
	}
	faults, err := pki.CheckPermissions(dir)
	if err != nil {
		return nil, err
	}
	for _, fault := range faults {
		fmt.Fprintf(p.stderr, "kindling: warning: %s\n", fault)
	}
	p.warnTracked(dir)
	return bundle, nil
}

// loadCluster reads the cluster's file and all that it needs of its PKI.
func (p *program) loadCluster(ctx *cli.Context) (*spec.Cluster, *pki.Bundle, error) {
	cluster, err := p.loadSpec(ctx)
	if err != nil {
		return nil, nil, err
	}
	bundle, err := p.loadPKI(ctx, cluster)
	return cluster, bundle, err
}

// load is what every command needs that makes documents.
func (p *program) load(ctx *cli.Context) (*generator.Generator, error) {
	cluster, err := p.loadSpec(ctx)
	if err != nil {
		return nil, err
	}
	// Before the PKI, which an unsupported cluster need not have.
	if err := generator.Supported(cluster); err != nil {
		return nil, err
	}
	bundle, err := p.loadPKI(ctx, cluster)
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
