package rig

import (
	"context"
	"embed"
	"io/fs"
	"os"
	"path/filepath"

	"kindling/e2e/build"
)

// The units that Kubernetes' own packages install.
//
//go:embed image
var kubernetesUnits embed.FS

// kubeletDefaults is what a host with cgroup v1 needs from 1.35 on.
const kubeletDefaults = "KUBELET_EXTRA_ARGS=--fail-cgroupv1=false\n"

// layer returns the directory that makes the base root a machine image for `install.method: preinstalled`.
func (v Versions) layer(ctx context.Context) (string, error) {
	return build.Cached(filepath.Join("layers", v.key()), func(dir string) error {
		units, err := fs.Sub(kubernetesUnits, "image")
		if err != nil {
			return err
		}
		if err := os.CopyFS(dir, units); err != nil {
			return err
		}
		for place, programs := range v.hostPrograms() {
			for _, program := range programs {
				if err := copyProgram(ctx, program, filepath.Join(dir, place)); err != nil {
					return err
				}
			}
		}
		if !build.HostHasCgroupV1() {
			return nil
		}
		if err := os.MkdirAll(filepath.Join(dir, "etc/default"), 0o755); err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(dir, "etc/default/kubelet"), []byte(kubeletDefaults), 0o644)
	})
}

func copyProgram(ctx context.Context, program build.Program, dir string) error {
	path, err := program.Path(ctx)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	return os.Link(path, filepath.Join(dir, program.Name)) // the cache is one file system
}
