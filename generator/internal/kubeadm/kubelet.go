package kubeadm

// kubelet is the part of kubelet.config.k8s.io/v1beta1 KubeletConfiguration that kindling sets. kubeadm fills in the rest
// and shares it with every node through the ConfigMap kubelet-config.
type kubelet struct {
	APIVersion      string `json:"apiVersion"`
	Kind            string `json:"kind"`
	CgroupDriver    string `json:"cgroupDriver"`
	VolumePluginDir string `json:"volumePluginDir,omitempty"`
}

func kubeletConfiguration(c Cluster) kubelet {
	return kubelet{
		APIVersion: "kubelet.config.k8s.io/v1beta1", Kind: "KubeletConfiguration",
		CgroupDriver: "systemd", VolumePluginDir: c.VolumePluginDir,
	}
}
