package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"kindling/generator"
	"kindling/generator/spec"
	"kindling/pki"

	"github.com/urfave/cli/v2"
)

const defaultFile = "cluster.yaml"

// fileName is the flag's value. An empty variable in the environment counts as none.
func fileName(ctx *cli.Context) string { return cmp.Or(ctx.String("file"), defaultFile) }

func fileFlag() cli.Flag {
	return &cli.StringFlag{Name: "file", Aliases: []string{"f"}, EnvVars: []string{"KINDLING_FILE"}, Value: defaultFile, Usage: "read the cluster from `FILE`; - means standard input"}
}

// loadSpec reads and validates the cluster's file; problems and warnings are drawn on stderr.
func (p *program) loadSpec(ctx *cli.Context) (*spec.Cluster, error) {
	return p.loadSpecWith(ctx, spec.Local{})
}

// loadWhole is loadSpec with all that the cluster's file names.
func (p *program) loadWhole(ctx *cli.Context) (*spec.Cluster, error) {
	if _, err := os.Stat(specDir(ctx)); errors.Is(err, fs.ErrNotExist) {
		return nil, errors.New(missing(fileName(ctx)))
	}
	files, err := openLocalFiles(specDir(ctx), ctx.String("files"))
	if err != nil {
		return nil, err
	}
	defer files.Close()
	return p.loadSpecWith(ctx, spec.Local{Files: files, Script: checkScript})
}

func (p *program) loadSpecWith(ctx *cli.Context, local spec.Local) (*spec.Cluster, error) {
	name := specName(ctx)
	data, err := p.readSpec(ctx)
	if err != nil {
		return nil, err
	}
	cluster, problems := spec.Load(data, local)
	draw(p.stderr, name, data, problems)
	if cluster == nil {
		return nil, errReported
	}
	return cluster, nil
}

// readSpec reads the cluster's file, but no more of it than one may have. A pipe that nobody writes to is an empty file: to open it would
// otherwise wait for ever.
func (p *program) readSpec(ctx *cli.Context) ([]byte, error) {
	name, in := fileName(ctx), p.stdin
	if name != "-" {
		file, err := os.OpenFile(name, os.O_RDONLY|syscall.O_NONBLOCK, 0)
		if errors.Is(err, fs.ErrNotExist) {
			return nil, errors.New(missing(name))
		} else if err != nil {
			return nil, err
		}
		defer file.Close()
		info, err := file.Stat()
		if err != nil {
			return nil, err
		}
		if info.IsDir() {
			return nil, fmt.Errorf("%s is a directory; name the file in it, such as -f %s", name, quoted(filepath.Join(name, defaultFile)))
		}
		in = file
	}
	return io.ReadAll(io.LimitReader(in, spec.MaxSize+1))
}

// missing says what to do about a cluster's file that does not exist.
func missing(name string) string {
	if target, err := os.Readlink(name); err == nil {
		return fmt.Sprintf("%s is a link to %s, which does not exist", name, target)
	}
	if _, err := os.Stat(filepath.Dir(name)); err != nil {
		return fmt.Sprintf("%s does not exist, nor does its directory", name)
	}
	return fmt.Sprintf("%s does not exist; %s", name, neighbour(name))
}

// neighbour says what to do about a cluster's file that does not exist: it may only be called otherwise.
func neighbour(name string) string {
	for _, extension := range []string{".yml", ".yaml", ".json"} {
		if other := strings.TrimSuffix(name, filepath.Ext(name)) + extension; other != name {
			if _, err := os.Stat(other); err == nil {
				return "but " + other + " does: add -f " + quoted(other)
			}
		}
	}
	return fmt.Sprintf("`kindling new > %s` makes one", name)
}

// specName is the name of the cluster's file in messages.
func specName(ctx *cli.Context) string {
	if name := fileName(ctx); name != "-" {
		return name
	}
	return "<stdin>"
}

// specDir is the directory that relative paths in a cluster.yaml start from.
func specDir(ctx *cli.Context) string {
	if name := fileName(ctx); name != "-" {
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
