package build

import (
	"context"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
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

// stockRecipe has two lists of packages: what a cloud's stock image of Debian has, and what machines install later.
//
//go:embed stock
var stockRecipe embed.FS

// rpmRecipe is a list of packages: what a stock image needs beside Debian's to stand for one with dnf or zypper.
//
//go:embed rpm
var rpmRecipe embed.FS

// networkRecipe is a list of packages: what configures networks, beside systemd-networkd.
//
//go:embed network
var networkRecipe embed.FS

// BaseRoot returns the root directory of a Debian machine that has never been booted: with cloud-init and a container
// runtime, without Kubernetes. No user may change it; each overlays its own changes.
func BaseRoot() (string, error) { return rootOf(BaseRootArtifact()) }

// BaseRootArtifact is the directory with the base root.
func BaseRootArtifact() (Artifact, error) {
	digest, err := rootDigest(rootRecipe)
	return Artifact{
		Name: "base root",
		Key:  filepath.Join("roots", "bookworm-"+digest),
		Fill: func(ctx context.Context, dir string) error {
			packages, err := names(rootRecipe, "root/packages")
			if err != nil {
				return err
			}
			return makeRoot(ctx, filepath.Join(dir, "root"), packages)
		},
	}, err
}

// StockRoot returns a root directory like [BaseRoot]'s, with what a cloud's stock image has and no more, and a directory with Debian's
// packages for it to install later: what machines of a cluster need, with their dependencies.
func StockRoot() (root, packages string, err error) {
	artifact, err := StockRootArtifact()
	if err != nil {
		return "", "", err
	}
	dir, err := artifact.Path()
	return filepath.Join(dir, "root"), filepath.Join(dir, "packages"), err
}

// StockRootArtifact is the directory with the stock root and its packages.
func StockRootArtifact() (Artifact, error) {
	digest, err := rootDigest(rootRecipe, stockRecipe)
	return Artifact{
		Name: "stock root",
		Key:  filepath.Join("roots", "stock-bookworm-"+digest),
		Fill: func(ctx context.Context, dir string) error {
			included, err := names(stockRecipe, "stock/packages")
			if err != nil {
				return err
			}
			later, err := names(stockRecipe, "stock/later")
			if err != nil {
				return err
			}
			packages := filepath.Join(dir, "packages")
			if err := os.Mkdir(packages, 0o755); err != nil {
				return err
			}
			return makeRoot(ctx, filepath.Join(dir, "root"), included,
				"--customize-hook=APT_CONFIG=$MMDEBSTRAP_APT_CONFIG apt-get -qy --no-install-recommends --download-only install "+strings.Join(later, " "),
				`--customize-hook=cp "$1"/var/cache/apt/archives/*.deb `+packages)
		},
	}, err
}

// RPMRoot returns a root directory like [StockRoot]'s, with dnf and zypper.
func RPMRoot() (string, error) { return rootOf(RPMRootArtifact()) }

// RPMRootArtifact is the directory with the root that has dnf and zypper.
func RPMRootArtifact() (Artifact, error) {
	return stockAnd("root with dnf and zypper", "rpm", rpmRecipe)
}

// NetworkRoot returns a root directory like [StockRoot]'s, with NetworkManager and netplan.
func NetworkRoot() (string, error) { return rootOf(NetworkRootArtifact()) }

// NetworkRootArtifact is the directory with the root that has NetworkManager and netplan.
func NetworkRootArtifact() (Artifact, error) {
	return stockAnd("root with NetworkManager and netplan", "network", networkRecipe)
}

func rootOf(artifact Artifact, err error) (string, error) {
	if err != nil {
		return "", err
	}
	dir, err := artifact.Path()
	return filepath.Join(dir, "root"), err
}

// stockAnd is what a stock image has, and the packages of another recipe, named after its directory.
func stockAnd(name, directory string, recipe fs.FS) (Artifact, error) {
	digest, err := rootDigest(rootRecipe, stockRecipe, recipe)
	return Artifact{
		Name: name,
		Key:  filepath.Join("roots", directory+"-bookworm-"+digest),
		Fill: func(ctx context.Context, dir string) error {
			included, err := names(stockRecipe, "stock/packages")
			if err != nil {
				return err
			}
			more, err := names(recipe, directory+"/packages")
			if err != nil {
				return err
			}
			return makeRoot(ctx, filepath.Join(dir, "root"), append(included, more...))
		},
	}, err
}

// names reads a list of packages.
func names(recipe fs.FS, list string) ([]string, error) {
	text, err := fs.ReadFile(recipe, list)
	return strings.Fields(string(text)), err
}

func makeRoot(ctx context.Context, root string, packages []string, options ...string) error {
	recipe, err := os.MkdirTemp("", "root-recipe-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(recipe)
	if err := os.CopyFS(recipe, rootRecipe); err != nil {
		return err
	}
	options = append([]string{"--variant=minbase", "--quiet", "--include=" + strings.Join(packages, ",")}, options...)
	cmd := exec.CommandContext(ctx, "mmdebstrap", append(options, "--customize-hook=bash "+recipe+`/root/customize.sh "$1"`, "bookworm", root)...)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("mmdebstrap: %w\n%s", err, tail.Lines(string(out), 20))
	}
	return nil
}

func rootDigest(recipes ...fs.FS) (string, error) {
	var (
		recipe []byte
		errs   []error
	)
	for _, one := range recipes {
		digest, err := Digest(one)
		recipe, errs = append(recipe, digest...), append(errs, err)
	}
	var host unix.Utsname
	errs = append(errs, unix.Uname(&host))
	digest := sha256.Sum256(append(host.Release[:], recipe...)) // the host's module directory is in the root
	return hex.EncodeToString(digest[:])[:12], errors.Join(errs...)
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
