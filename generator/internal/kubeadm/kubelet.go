package kubeadm

// kubelet is the part of kubelet.config.k8s.io/v1beta1 KubeletConfiguration that kindling sets. kubeadm fills in the rest
// and shares it with every node through the ConfigMap kubelet-config.
type kubelet struct {
	APIVersion      string `yaml:"apiVersion"`
	Kind            string `yaml:"kind"`
	CgroupDriver    string `yaml:"cgroupDriver"`
	VolumePluginDir string `yaml:"volumePluginDir,omitempty"`
}

func kubeletConfiguration(c Cluster) kubelet {
	return kubelet{
		APIVersion: "kubelet.config.k8s.io/v1beta1", Kind: "KubeletConfiguration",
		CgroupDriver: "systemd", VolumePluginDir: c.VolumePluginDir,
	}
}
