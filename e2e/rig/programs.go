package rig

import (
	"context"
	"fmt"

	"kindling/e2e/build"
)

// Versions are those of the programs on the machines and in their images.
type Versions struct {
	Kubernetes string
	Etcd       string
	CoreDNS    string
	CNIPlugins string
}

// Current are the versions that the machines have unless a test names others.
var Current = Versions{
	Kubernetes: build.KubernetesVersion,
	Etcd:       build.EtcdVersion,
	CoreDNS:    build.CoreDNSVersion,
	CNIPlugins: build.CNIPluginsVersion,
}

// hostPrograms are on the machine itself, by the directory they are in.
func (v Versions) hostPrograms() map[string][]build.Program {
	return map[string][]build.Program{
		"usr/bin": {
			build.Kubeadm(v.Kubernetes),
			build.Kubernetes("kubelet", v.Kubernetes),
			build.Kubernetes("kubectl", v.Kubernetes),
		},
		"opt/cni/bin": {
			build.CNIPlugin("main", "bridge", v.CNIPlugins),
			build.CNIPlugin("main", "loopback", v.CNIPlugins),
			build.CNIPlugin("main", "ptp", v.CNIPlugins),
			build.CNIPlugin("ipam", "host-local", v.CNIPlugins),
			build.CNIPlugin("meta", "portmap", v.CNIPlugins),
		},
	}
}

// imagePrograms are in container images, by the last part of the image's name.
func (v Versions) imagePrograms() map[string][]build.Program {
	images := map[string][]build.Program{
		"etcd": {
			build.Etcd("etcd", v.Etcd),
			build.Etcd("etcdctl", v.Etcd),
			build.Etcd("etcdutl", v.Etcd),
		},
		"coredns": {build.CoreDNS(v.CoreDNS)},
		"pause":   {build.Pause()},
	}
	for _, name := range []string{"kube-apiserver", "kube-controller-manager", "kube-scheduler", "kube-proxy"} {
		images[name] = []build.Program{build.Kubernetes(name, v.Kubernetes)}
	}
	return images
}

// Build builds all programs that machines need.
func (v Versions) Build(ctx context.Context) error {
	for _, programs := range []map[string][]build.Program{v.hostPrograms(), v.imagePrograms()} {
		for _, group := range programs {
			for _, program := range group {
				if _, err := program.Path(ctx); err != nil {
					return fmt.Errorf("%s %s: %w", program.Name, program.Version, err)
				}
			}
		}
	}
	return nil
}

// Image makes all that is on machines before their first boot, beside the base root.
func (v Versions) Image(ctx context.Context) error {
	if _, err := v.layer(ctx); err != nil {
		return err
	}
	_, err := v.store(ctx)
	return err
}
