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
)

// A Program is one command of a Go module, at one version.
type Program struct {
	Name    string
	Version string

	variant string // why it differs from upstream's, if it does
	pkg     string
	source  source            // none: this module
	vars    map[string]string // variables that the linker sets
}

// Path returns the built program, which it builds at the first call on a machine.
func (p Program) Path(ctx context.Context) (string, error) {
	key := filepath.Join("programs", p.Name+"-"+p.Version+p.variant)
	dir, err := Cached(key, func(dir string) error { return p.build(ctx, filepath.Join(dir, p.Name)) })
	return filepath.Join(dir, p.Name), err
}

func (p Program) build(ctx context.Context, output string) error {
	flags := []string{"go", "build", "-trimpath", "-buildvcs=false", "-ldflags", p.ldflags(), "-o", output}
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
	cmd := exec.CommandContext(ctx, "nice", append(flags, p.pkg)...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOFLAGS=", "GOWORK=off")
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("go build %s: %w\n%s", p.pkg, err, lastLines(string(out), 20))
	}
	return nil
}

// ownDir is the directory of this package, inside this module.
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

func lastLines(text string, n int) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return strings.Join(lines[max(0, len(lines)-n):], "\n")
}
