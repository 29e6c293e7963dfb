package kubeadm

import "maps"

// kubelet is the part of kubelet.config.k8s.io/v1beta1 KubeletConfiguration that kindling sets. kubeadm fills in the rest
// and shares it with every node through the ConfigMap kubelet-config.
type kubelet struct {
	APIVersion      string          `yaml:"apiVersion"`
	Kind            string          `yaml:"kind"`
	CgroupDriver    string          `yaml:"cgroupDriver"`
	FeatureGates    map[string]bool `yaml:"featureGates,omitempty"`
	VolumePluginDir string          `yaml:"volumePluginDir,omitempty"`
	More            map[string]any  `yaml:",inline"`
}

// kubeProxy is the part of kubeproxy.config.k8s.io/v1alpha1 KubeProxyConfiguration that kindling sets.
type kubeProxy struct {
	APIVersion   string          `yaml:"apiVersion"`
	Kind         string          `yaml:"kind"`
	FeatureGates map[string]bool `yaml:"featureGates,omitempty"`
	Mode         string          `yaml:"mode,omitempty"`
}

// kubeProxyConfiguration is nil where kubeadm's own is right.
func kubeProxyConfiguration(c Cluster) any {
	if c.NoKubeProxy || c.KubeProxyMode == "" && len(c.FeatureGates) == 0 {
		return nil
	}
	return kubeProxy{"kubeproxy.config.k8s.io/v1alpha1", "KubeProxyConfiguration", c.FeatureGates, c.KubeProxyMode}
}

// KubeletPatch is a merge patch of kubeadm's for one machine's kubelet.
func KubeletPatch(fields map[string]any) ([]byte, error) { return marshal([]any{fields}, nil) }

// standaloneKubelet is the configuration of a kubelet without an API server. Nothing connects to that kubelet.
type standaloneKubelet struct {
	kubelet        `yaml:",inline"`
	Authentication struct {
		Anonymous struct {
			Enabled bool `yaml:"enabled"`
		} `yaml:"anonymous"`
		Webhook struct {
			Enabled bool `yaml:"enabled"`
		} `yaml:"webhook"`
	} `yaml:"authentication"`
	Authorization struct {
		Mode string `yaml:"mode"`
	} `yaml:"authorization"`
	ContainerRuntimeEndpoint string `yaml:"containerRuntimeEndpoint"`
	EnableServer             bool   `yaml:"enableServer"`
	StaticPodPath            string `yaml:"staticPodPath"`
}

// StandaloneKubelet returns the configuration of a kubelet that only runs static pods, without an API server.
func StandaloneKubelet() ([]byte, error) {
	k := standaloneKubelet{
		kubelet:                  kubeletConfiguration(Cluster{}),
		ContainerRuntimeEndpoint: "unix:///var/run/containerd/containerd.sock",
		StaticPodPath:            "/etc/kubernetes/manifests",
	}
	k.Authorization.Mode = "AlwaysAllow"
	return marshal([]any{k}, nil)
}

func kubeletConfiguration(c Cluster) kubelet {
	return kubelet{
		APIVersion: "kubelet.config.k8s.io/v1beta1", Kind: "KubeletConfiguration",
		CgroupDriver: "systemd", FeatureGates: c.FeatureGates, VolumePluginDir: c.VolumePluginDir, More: withoutOwn(c.Kubelet),
	}
}

// withoutOwn leaves out what the struct has a field for: its value can be no other.
func withoutOwn(fields map[string]any) map[string]any {
	more := maps.Clone(fields)
	delete(more, "cgroupDriver")
	return more
}
