package rig

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"kindling/e2e/internal/build"
	"kindling/e2e/internal/sandbox"
)

// store returns containerd's directory with all images of the release, like that of a machine image which had them pulled.
func (r Release) store() (build.Artifact, error) {
	key, err := r.key()
	return build.Artifact{Name: "container images of " + string(r), Key: filepath.Join("stores", key), Fill: r.fillStore}, err
}

func (r Release) fillStore(ctx context.Context, dir string) error {
	layer, err := r.layer()
	if err != nil {
		return err
	}
	image, err := layer.Path()
	if err != nil {
		return err
	}
	work, err := os.MkdirTemp("", "images-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work)
	if err := r.writeImages(ctx, filepath.Join(work, "images.tar")); err != nil {
		return err
	}
	return runInBaseRoot(ctx, "import.sh", []string{image}, "STORE="+dir, "IMAGES="+work)
}

// key names everything that determines what is in a layer or a store. When it changes, they are made again.
func (r Release) key() (string, error) {
	digest, err := build.Digest(recipe)
	versions := []string{build.ContainerdVersion, build.CNIPluginsVersion, build.FlannelVersion, build.FlannelPluginVersion, build.KubeRouterVersion, build.KubeVIPVersion, build.HAProxyVersion, build.CrictlVersion, "pause-" + build.Pause().Version}
	return fmt.Sprintf("%s-with-%s-%s", r, strings.Join(versions, "-"), digest), err
}

func (r Release) writeImages(ctx context.Context, name string) error {
	all, err := r.images(ctx)
	if err != nil {
		return err
	}
	layers := map[string][]byte{}
	for _, script := range []string{packetFilter, haproxy} {
		if layers[script], err = lowerLayer(ctx, script); err != nil {
			return err
		}
	}
	var images []image
	for _, contents := range all {
		image, err := contents.image(layers[contents.below])
		if err != nil {
			return fmt.Errorf("image %s: %w", contents.tag, err)
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

func (c contents) image(below []byte) (image, error) {
	made := image{tag: c.tag}
	if below != nil {
		made.layers = append(made.layers, below)
	}
	programs := map[string]string{}
	for _, program := range c.programs {
		path, err := program.Path()
		if err != nil {
			return made, err
		}
		programs[program.Name] = path
	}
	if len(c.programs) == 1 {
		made.entrypoint = []string{"/usr/local/bin/" + c.programs[0].Name}
	}
	layer, err := programLayer(programs)
	made.layers = append(made.layers, layer)
	return made, err
}

func lowerLayer(ctx context.Context, script string) ([]byte, error) {
	dir, err := os.MkdirTemp("", "layer-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	archive := filepath.Join(dir, "layer.tar")
	if err := runInBaseRoot(ctx, script, nil, "ARCHIVE="+archive); err != nil {
		return nil, err
	}
	return os.ReadFile(archive)
}

// runInBaseRoot runs a script of the recipe beside a throw-away copy of the base root with layers over it.
func runInBaseRoot(ctx context.Context, script string, layers []string, env ...string) error {
	text, err := recipe.ReadFile(script)
	if err != nil {
		return err
	}
	root, err := build.BaseRoot()
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "root-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	scratch, err := sandbox.In(dir, append(layers, root)...)
	if err != nil {
		return err
	}
	_, err = scratch.Beside(ctx, string(text), env...)
	return err
}
