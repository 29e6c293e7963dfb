package build

import (
	"context"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"kindling/e2e/internal/tail"
)

// A Program is one command of a Go module, at one version.
type Program struct {
	Name    string
	Version string

	variant string // how it differs from upstream's, if it does
	pkg     string
	source  source            // none: this module
	vars    map[string]string // variables that the linker sets
}

// Artifact is the directory with the built program.
func (p Program) Artifact() Artifact {
	return Artifact{
		Name: p.Name + " " + p.Version,
		Key:  filepath.Join("programs", p.Name+"-"+p.Version+p.variant),
		Fill: func(ctx context.Context, dir string) error { return p.build(ctx, filepath.Join(dir, p.Name)) },
	}
}

// Path returns the built program.
func (p Program) Path() (string, error) {
	dir, err := p.Artifact().Path()
	return filepath.Join(dir, p.Name), err
}

func (p Program) build(ctx context.Context, output string) error {
	flags := []string{"build", "-trimpath", "-buildvcs=false", "-ldflags", p.ldflags(), "-o", output}
	dir := ownDir()
	if p.source.path != "" {
		var err error
		if dir, err = os.MkdirTemp("", "build-"+p.Name+"-"); err != nil {
			return err
		}
		defer os.RemoveAll(dir)
		if err := p.source.module(ctx, dir, p.pkg); err != nil {
			return err
		}
		flags = append(flags, "-mod=mod")
	}
	cmd := exec.CommandContext(ctx, "go", append(flags, p.pkg)...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOFLAGS=", "GOWORK=off")
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("go build %s: %w\n%s", p.pkg, err, tail.Lines(string(out), 20))
	}
	return nil
}

// ownDir returns the directory of this package, inside this module.
func ownDir() string {
	_, file, _, _ := runtime.Caller(0)
	return filepath.Dir(file)
}

func (p Program) ldflags() string {
	flags := []string{"-s", "-w"}
	for _, name := range slices.Sorted(maps.Keys(p.vars)) {
		flags = append(flags, "-X", name+"="+p.vars[name])
	}
	return strings.Join(flags, " ")
}
