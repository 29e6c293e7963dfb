package build

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"golang.org/x/mod/modfile"
)

// A source is the Go module that a program comes from.
type source struct {
	path    string
	version string
	// staging is the version of the modules that the source's own go.mod replaces with directories of its repository and
	// requires as v0.0.0.
	staging string
	// replaced are modules that are built from changed copies.
	replaced []changedModule
}

// A changedModule is a module of which one file is changed before it is built.
type changedModule struct {
	path     string
	file     string
	old, new string
}

// module writes a module into dir that builds the packages just as their own repository does:
// with its versions, its replacements and its godebug settings.
func (s source) module(ctx context.Context, dir string, packages ...string) error {
	upstream, err := s.upstreamGoMod(ctx)
	if err != nil {
		return err
	}
	mod, err := s.goMod(upstream, packages)
	if err != nil {
		return err
	}
	for _, changed := range s.replaced {
		version := s.version
		if changed.path != s.path {
			version = requiredVersion(upstream, changed.path)
		}
		if err := changed.copyInto(ctx, dir, version); err != nil {
			return err
		}
		if err := mod.AddReplace(changed.path, "", "./"+filepath.Base(changed.path), ""); err != nil {
			return err
		}
	}
	text, err := mod.Format()
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "go.mod"), text, 0o644)
}

func (s source) upstreamGoMod(ctx context.Context) (*modfile.File, error) {
	downloaded, err := download(ctx, s.path, s.version)
	if err != nil {
		return nil, err
	}
	text, err := os.ReadFile(downloaded.GoMod)
	if err != nil {
		return nil, err
	}
	return modfile.Parse(downloaded.GoMod, text, nil)
}

func (s source) goMod(upstream *modfile.File, packages []string) (*modfile.File, error) {
	mod := new(modfile.File)
	err := errors.Join(
		mod.AddModuleStmt("programs"),
		mod.AddGoStmt(upstream.Go.Version),
		mod.AddRequire(s.path, s.version),
	)
	for _, setting := range upstream.Godebug {
		err = errors.Join(err, mod.AddGodebug(setting.Key, setting.Value))
	}
	for _, r := range upstream.Replace {
		target := r.New
		if target.Version == "" { // a directory of the repository
			if requiredVersion(upstream, r.Old.Path) != "v0.0.0" {
				continue
			}
			target.Path, target.Version = r.Old.Path, s.staging
		}
		err = errors.Join(err, mod.AddReplace(r.Old.Path, r.Old.Version, target.Path, target.Version))
	}
	for _, pkg := range packages {
		err = errors.Join(err, mod.AddTool(pkg))
	}
	return mod, err
}

func requiredVersion(mod *modfile.File, path string) string {
	for _, r := range mod.Require {
		if r.Mod.Path == path {
			return r.Mod.Version
		}
	}
	return ""
}

func (c changedModule) copyInto(ctx context.Context, dir, version string) error {
	downloaded, err := download(ctx, c.path, version)
	if err != nil {
		return err
	}
	copied := filepath.Join(dir, filepath.Base(c.path))
	if err := os.CopyFS(copied, os.DirFS(downloaded.Dir)); err != nil {
		return err
	}
	file := filepath.Join(copied, c.file)
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	changed := strings.Replace(string(text), c.old, c.new, 1)
	if changed == string(text) {
		return fmt.Errorf("%s of %s has no %q to change", c.file, c.path, c.old)
	}
	if err := os.Remove(file); err != nil { // the copy is read-only as well
		return err
	}
	return os.WriteFile(file, []byte(changed), 0o644)
}

// A moduleDownload is what `go mod download -json` prints.
type moduleDownload struct {
	GoMod string
	Dir   string
	Error string
}

func download(ctx context.Context, path, version string) (moduleDownload, error) {
	var result moduleDownload
	cmd := exec.CommandContext(ctx, "go", "mod", "download", "-json", path+"@"+version)
	cmd.Dir = os.TempDir() // outside any module
	out, err := cmd.Output()
	if jsonErr := json.Unmarshal(out, &result); jsonErr != nil {
		return result, errors.Join(err, jsonErr)
	}
	if result.Error != "" {
		return result, fmt.Errorf("download %s@%s: %s", path, version, result.Error)
	}
	return result, err
}
