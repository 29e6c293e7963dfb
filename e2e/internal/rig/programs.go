package rig

import (
	"context"
	"fmt"
	"maps"
	"os/exec"
	"path"
	"slices"
	"strings"

	"kindling/e2e/internal/build"

	"golang.org/x/mod/semver"
)

// A Release is a version of Kubernetes, such as v1.37.2, with everything from it and for it that is on machines.
type Release string

// The releases that machines are booted with. With the older one, kubeadm still reaches its own API server through
// controlPlaneEndpoint.
const (
	Current Release = build.KubernetesVersion
	Older   Release = "v1.35.4"
)

// hostPrograms returns the programs on the machine itself, by the directory that they are in.
func (r Release) hostPrograms() map[string][]build.Program {
	programs := map[string][]build.Program{
		"usr/bin": {
			build.Kubeadm(string(r)),
			build.Kubernetes("kubelet", string(r)),
			build.Kubernetes("kubectl", string(r)),
			build.Containerd("containerd", build.ContainerdVersion),
			build.Containerd("containerd-shim-runc-v2", build.ContainerdVersion),
			build.Containerd("ctr", build.ContainerdVersion),
		},
		"opt/cni/bin": {
			build.CNIPlugin("main", "bridge", build.CNIPluginsVersion),
			build.CNIPlugin("main", "loopback", build.CNIPluginsVersion),
			build.CNIPlugin("ipam", "host-local", build.CNIPluginsVersion),
			build.CNIPlugin("meta", "portmap", build.CNIPluginsVersion),
			build.CNIPlugin("meta", "flannel", build.FlannelPluginVersion),
		},
	}
	if semver.Compare(string(r), "v1.31.0") < 0 {
		programs["usr/bin"] = append(programs["usr/bin"], build.Crictl(build.CrictlVersion))
	}
	return programs
}

// A contents is what a container image is made of.
type contents struct {
	tag      string
	programs []build.Program
	below    string // the script in the recipe that makes its lower layer from the base root
}

// The lower layers.
const (
	packetFilter = "packet-filter.sh"
	haproxy      = "haproxy.sh"
)

// images returns the container images on a machine: those that kubeadm names, those of the API servers' load balancers, and
// the pod networks.
func (r Release) images(ctx context.Context) ([]contents, error) {
	tags, err := r.imageTags(ctx)
	if err != nil {
		return nil, err
	}
	images := []contents{
		{
			tag:      "flannel.test/flannel:" + build.FlannelVersion,
			programs: []build.Program{build.Flannel(build.FlannelVersion), build.FlannelInstaller(build.FlannelVersion)},
			below:    packetFilter,
		},
		{
			tag:      "kube-router.test/kube-router:" + build.KubeRouterVersion,
			programs: []build.Program{build.KubeRouter(build.KubeRouterVersion)},
			below:    packetFilter,
		},
		{tag: "ghcr.io/kube-vip/kube-vip:" + build.KubeVIPVersion, programs: []build.Program{build.KubeVIP(build.KubeVIPVersion)}},
		{tag: "docker.io/library/haproxy:" + build.HAProxyVersion, below: haproxy},
	}
	for _, tag := range tags {
		name, version, _ := strings.Cut(path.Base(tag), ":")
		programs, err := r.imagePrograms(name, version)
		if err != nil {
			return nil, err
		}
		image := contents{tag: tag, programs: programs}
		if name == "kube-proxy" {
			image.below = packetFilter
		}
		images = append(images, image)
	}
	return images, nil
}

func (r Release) imageTags(ctx context.Context) ([]string, error) {
	kubeadm, err := build.Kubeadm(string(r)).Path()
	if err != nil {
		return nil, err
	}
	out, err := exec.CommandContext(ctx, kubeadm, "config", "images", "list", "--kubernetes-version", string(r)).Output()
	return strings.Fields(string(out)), err
}

// imagePrograms returns the programs in an image from Kubernetes' own registry.
func (r Release) imagePrograms(name, version string) ([]build.Program, error) {
	switch name {
	case "kube-apiserver", "kube-controller-manager", "kube-scheduler", "kube-proxy":
		return []build.Program{build.Kubernetes(name, string(r))}, nil
	case "etcd":
		version, _, _ = strings.Cut("v"+version, "-") // the suffix counts the builds of the image
		return []build.Program{build.Etcd("etcd", version), build.Etcd("etcdctl", version), build.Etcd("etcdutl", version)}, nil
	case "coredns":
		return []build.Program{build.CoreDNS(version)}, nil
	case "pause":
		return []build.Program{build.Pause()}, nil
	}
	return nil, fmt.Errorf("image %s: unknown contents", name)
}

// Etcdctl returns the etcdctl of this release's etcd.
func (r Release) Etcdctl(ctx context.Context) (string, error) {
	tags, err := r.imageTags(ctx)
	if err != nil {
		return "", err
	}
	for _, tag := range tags {
		if name, version, _ := strings.Cut(path.Base(tag), ":"); name == "etcd" {
			programs, err := r.imagePrograms(name, version)
			if err != nil {
				return "", err
			}
			return programs[1].Path()
		}
	}
	return "", fmt.Errorf("%s has no image of etcd", r)
}

// Artifacts returns everything that machines need, in the order in which it can be made. The release's kubeadm must be there
// already, since only it knows what is in the images.
func (r Release) Artifacts(ctx context.Context) ([]build.Artifact, error) {
	var artifacts []build.Artifact
	for _, place := range slices.Sorted(maps.Keys(r.hostPrograms())) {
		for _, program := range r.hostPrograms()[place] {
			artifacts = append(artifacts, program.Artifact())
		}
	}
	images, err := r.images(ctx)
	if err != nil {
		return nil, err
	}
	for _, image := range images {
		for _, program := range image.programs {
			artifacts = append(artifacts, program.Artifact())
		}
	}
	layer, err := r.layer()
	if err != nil {
		return nil, err
	}
	store, err := r.store()
	return append(artifacts, layer, store), err
}
