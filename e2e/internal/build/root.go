package build

import (
	"context"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"kindling/e2e/internal/tail"

	"golang.org/x/sys/unix"
)

// rootRecipe is everything that determines what is in the base root.
//
//go:embed root
var rootRecipe embed.FS

// BaseRoot returns the root directory of a Debian machine that has never been booted: with cloud-init and a container
// runtime, without Kubernetes. No user may change it; each overlays its own changes.
func BaseRoot() (string, error) {
	artifact, err := BaseRootArtifact()
	if err != nil {
		return "", err
	}
	dir, err := artifact.Path()
	return filepath.Join(dir, "root"), err
}

// BaseRootArtifact is the directory with the base root.
func BaseRootArtifact() (Artifact, error) {
	digest, err := rootDigest()
	return Artifact{
		Name: "base root",
		Key:  filepath.Join("roots", "bookworm-"+digest),
		Fill: func(ctx context.Context, dir string) error { return makeRoot(ctx, filepath.Join(dir, "root")) },
	}, err
}

func makeRoot(ctx context.Context, root string) error {
	recipe, err := os.MkdirTemp("", "root-recipe-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(recipe)
	if err := os.CopyFS(recipe, rootRecipe); err != nil {
		return err
	}
	packages, err := rootRecipe.ReadFile("root/packages")
	if err != nil {
		return err
	}
	cmd := exec.CommandContext(ctx, "mmdebstrap", "--variant=minbase", "--quiet",
		"--include="+strings.Join(strings.Fields(string(packages)), ","),
		"--customize-hook=bash "+recipe+`/root/customize.sh "$1"`,
		"bookworm", root)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("mmdebstrap: %w\n%s", err, tail.Lines(string(out), 20))
	}
	return nil
}

func rootDigest() (string, error) {
	recipe, err := Digest(rootRecipe)
	var host unix.Utsname
	if err == nil {
		err = unix.Uname(&host)
	}
	digest := sha256.Sum256(append(host.Release[:], recipe...)) // the host's module directory is in the root
	return hex.EncodeToString(digest[:])[:12], err
}

// Digest returns a recipe's hash: what is in the cache under the same hash was made by the same recipe.
func Digest(recipe fs.FS) (string, error) {
	digest := sha256.New()
	err := fs.WalkDir(recipe, ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := fs.ReadFile(recipe, path)
		fmt.Fprintf(digest, "%s %d\n%s", path, len(text), text)
		return err
	})
	return hex.EncodeToString(digest.Sum(nil))[:12], err
}
