package rig

import (
	"context"
	_ "embed"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"kindling/e2e/build"
	"kindling/e2e/sandbox"
)

var (
	//go:embed packet-filter.sh
	packetFilterScript string
	//go:embed import.sh
	importScript string
)

// store returns a directory of containerd's with all images of these versions, as a machine image has it that pulled
// them when it was made.
func (v Versions) store(ctx context.Context) (string, error) {
	return build.Cached(filepath.Join("stores", v.key()), func(dir string) error {
		work, err := os.MkdirTemp("", "images-")
		if err != nil {
			return err
		}
		defer os.RemoveAll(work)
		if err := v.writeImages(ctx, filepath.Join(work, "images.tar")); err != nil {
			return err
		}
		return runInBaseRoot(ctx, importScript, "STORE="+dir, "IMAGES="+work)
	})
}

func (v Versions) key() string {
	return fmt.Sprintf("kubernetes-%s-etcd-%s-coredns-%s", v.Kubernetes, v.Etcd, v.CoreDNS)
}

// writeImages makes all images that kubeadm names.
func (v Versions) writeImages(ctx context.Context, name string) error {
	tags, err := v.imageTags(ctx)
	if err != nil {
		return err
	}
	var images []image
	for _, tag := range tags {
		image, err := v.image(ctx, tag)
		if err != nil {
			return fmt.Errorf("image %s: %w", tag, err)
		}
		images = append(images, image)
	}
	archive, err := os.Create(name)
	if err != nil {
		return err
	}
	defer archive.Close()
	return writeImages(archive, images)
}

func (v Versions) imageTags(ctx context.Context) ([]string, error) {
	kubeadm, err := build.Kubeadm(v.Kubernetes).Path(ctx)
	if err != nil {
		return nil, err
	}
	out, err := exec.CommandContext(ctx, kubeadm, "config", "images", "list", "--kubernetes-version", v.Kubernetes).Output()
	return strings.Fields(string(out)), err
}

// image makes the image with this tag, of which the last part says what is in it.
func (v Versions) image(ctx context.Context, tag string) (image, error) {
	name, _, _ := strings.Cut(filepath.Base(tag), ":")
	made := image{tag: tag}
	if name == "kube-proxy" {
		layer, err := packetFilterLayer(ctx)
		if err != nil {
			return made, err
		}
		made.layers = append(made.layers, layer)
	}
	programs := map[string]string{}
	for _, program := range v.imagePrograms()[name] {
		path, err := program.Path(ctx)
		if err != nil {
			return made, err
		}
		programs[program.Name] = path
	}
	if len(programs) == 0 {
		return made, fmt.Errorf("nothing to put into it")
	}
	layer, err := programLayer(programs)
	made.layers = append(made.layers, layer)
	if len(programs) == 1 {
		made.entrypoint = []string{"/usr/local/bin/" + v.imagePrograms()[name][0].Name}
	}
	return made, err
}

func packetFilterLayer(ctx context.Context) ([]byte, error) {
	dir, err := os.MkdirTemp("", "packet-filter-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	archive := filepath.Join(dir, "layer.tar")
	if err := runInBaseRoot(ctx, packetFilterScript, "ARCHIVE="+archive); err != nil {
		return nil, err
	}
	return os.ReadFile(archive)
}

// runInBaseRoot runs a script beside a throw-away copy of the base root.
func runInBaseRoot(ctx context.Context, script string, env ...string) error {
	root, err := build.BaseRoot(ctx)
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "root-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	scratch, err := sandbox.In(dir, root)
	if err != nil {
		return err
	}
	_, err = scratch.Beside(ctx, script, env...)
	return err
}
