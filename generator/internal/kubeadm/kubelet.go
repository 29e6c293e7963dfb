package kubeadm

// kubelet is the part of kubelet.config.k8s.io/v1beta1 KubeletConfiguration that kindling sets. kubeadm fills in the rest
// and shares it with every node through the ConfigMap kubelet-config.
type kubelet struct {
	APIVersion      string `yaml:"apiVersion"`
	Kind            string `yaml:"kind"`
	CgroupDriver    string `yaml:"cgroupDriver"`
	VolumePluginDir string `yaml:"volumePluginDir,omitempty"`
}

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
		CgroupDriver: "systemd", VolumePluginDir: c.VolumePluginDir,
	}
}
