package rig

import (
	"context"
	"embed"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"kindling/e2e/internal/build"

	"golang.org/x/mod/semver"
)

// recipe turns the programs into an image for machines. image has what the packages of Kubernetes and containerd install
// besides the programs. It has no login on the console, which would discard what the machine has just printed there.
//
//go:embed image packet-filter.sh haproxy.sh import.sh
var recipe embed.FS

// layer returns the directory that makes the base root a machine image for `install.method: preinstalled`.
func (r Release) layer() (build.Artifact, error) {
	key, err := r.key()
	return build.Artifact{Name: "machine image with " + string(r), Key: filepath.Join("layers", key), Fill: r.fillLayer}, err
}

func (r Release) fillLayer(ctx context.Context, dir string) error {
	files, err := fs.Sub(recipe, "image")
	if err != nil {
		return err
	}
	if err := os.CopyFS(dir, files); err != nil {
		return err
	}
	if err := r.nameSandboxImage(ctx, filepath.Join(dir, "etc/containerd/config.toml")); err != nil {
		return err
	}
	for place, programs := range r.hostPrograms() {
		for _, program := range programs {
			if err := copyProgram(program, filepath.Join(dir, place)); err != nil {
				return err
			}
		}
	}
	return fill(filepath.Join(dir, "etc/default/kubelet"), "@CGROUPS@", r.cgroupFlag())
}

// cgroupFlag returns the flag that kubelet needs on a host with cgroup v1 from 1.35 on.
func (r Release) cgroupFlag() string {
	if semver.Compare(string(r), "v1.35.0") >= 0 && build.HostHasCgroupV1() {
		return "--fail-cgroupv1=false"
	}
	return ""
}

// nameSandboxImage puts the release's pause image into containerd's configuration.
func (r Release) nameSandboxImage(ctx context.Context, config string) error {
	tags, err := r.imageTags(ctx)
	if err != nil {
		return err
	}
	for _, tag := range tags {
		if strings.HasPrefix(path.Base(tag), "pause:") {
			return fill(config, "@PAUSE@", tag)
		}
	}
	return fmt.Errorf("%s has no pause image", r)
}

func fill(file, variable, value string) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	return os.WriteFile(file, []byte(strings.Replace(string(text), variable, value, 1)), 0o644)
}

func copyProgram(program build.Program, dir string) error {
	path, err := program.Path()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	return os.Link(path, filepath.Join(dir, program.Name)) // the cache is one file system
}
