package build

import (
	"context"
	"embed"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"kindling/e2e/internal/tail"
)

// live is a Debian that boots from memory, with live-boot and cloud-init.
//
//go:embed live
var liveRecipe embed.FS

// LiveImage returns a directory with vmlinuz, initrd and root.squashfs of a Debian that boots over the network.
func LiveImage() (string, error) {
	artifact, err := LiveImageArtifact()
	if err != nil {
		return "", err
	}
	return artifact.Path()
}

// LiveImageArtifact is that directory.
func LiveImageArtifact() (Artifact, error) {
	digest, err := Digest(liveRecipe)
	return Artifact{
		Name: "live image",
		Key:  filepath.Join("roots", "live-bookworm-"+digest),
		Fill: fillLiveImage,
	}, err
}

func fillLiveImage(ctx context.Context, dir string) error {
	work, err := os.MkdirTemp("", "live-image-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work)
	packages, err := names(liveRecipe, "live/packages")
	if err != nil {
		return err
	}
	if err := os.CopyFS(work, liveRecipe); err != nil {
		return err
	}
	root := filepath.Join(work, "root")
	for _, command := range [][]string{
		{"mmdebstrap", "--variant=minbase", "--quiet", "--include=" + strings.Join(packages, ","), "bookworm", root},
		{"bash", filepath.Join(work, "live/image.sh"), root, dir},
	} {
		if out, err := exec.CommandContext(ctx, command[0], command[1:]...).CombinedOutput(); err != nil {
			return fmt.Errorf("%s: %w\n%s", command[0], err, tail.Lines(string(out), 20))
		}
	}
	return nil
}
