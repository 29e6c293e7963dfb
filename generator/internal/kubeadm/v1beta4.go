package kubeadm

import (
	"fmt"
	"slices"

	"kindling/generator/internal/kubeadm/v1beta4"
)

// bindPort is the API server's own port on every control plane. Clients use controlPlaneEndpoint, which may have another.
const bindPort = 6443

func initV1beta4(c Config) ([]any, error) {
	if c.Cluster.EncryptionAlgorithm == "ECDSA-P384" && !c.Version.SignsP384() {
		return nil, fmt.Errorf("pki.algorithm: kubeadm %s cannot sign with ECDSA-P384, which it knows from v1.34: use ECDSA-P256", c.Version)
	}
	init := v1beta4.InitConfiguration{
		TypeMeta:         v1beta4.TypeMeta{APIVersion: v1beta4.APIVersion, Kind: "InitConfiguration"},
		NodeRegistration: nodeV1beta4(c.Node),
		LocalAPIEndpoint: v1beta4.APIEndpoint{AdvertiseAddress: c.Node.AdvertiseAddress, BindPort: bindPort},
		Patches:          patchesV1beta4(c.PatchesDirectory),
	}
	if c.Token.Token != "" {
		init.BootstrapTokens = []v1beta4.BootstrapToken{{Token: c.Token.Token, TTL: c.Token.TTL.String()}}
	}
	return []any{
		init,
		clusterV1beta4(c.Version, c.Cluster),
		kubeletConfiguration(c.Cluster),
	}, nil
}

func joinV1beta4(c Config) ([]any, error) {
	join := v1beta4.JoinConfiguration{
		TypeMeta:         v1beta4.TypeMeta{APIVersion: v1beta4.APIVersion, Kind: "JoinConfiguration"},
		NodeRegistration: nodeV1beta4(c.Node),
		Patches:          patchesV1beta4(c.PatchesDirectory),
	}
	if d := c.Discovery; d.File != "" {
		join.Discovery.File = &v1beta4.FileDiscovery{KubeConfigPath: d.File}
	} else {
		join.Discovery.BootstrapToken = &v1beta4.BootstrapTokenDiscovery{
			Token: d.Token, APIServerEndpoint: d.APIServerEndpoint, CACertHashes: []string{d.CACertHash},
		}
	}
	return []any{join}, nil
}

func nodeV1beta4(n Node) v1beta4.NodeRegistration {
	r := v1beta4.NodeRegistration{Name: n.Name, CRISocket: n.CRISocket, KubeletExtraArgs: argsV1beta4(n.KubeletArgs)}
	if n.Taints != nil {
		taints := make([]v1beta4.Taint, len(n.Taints))
		for i, t := range n.Taints {
			taints[i] = v1beta4.Taint(t)
		}
		r.Taints = &taints
	}
	return r
}

func clusterV1beta4(v Version, c Cluster) v1beta4.ClusterConfiguration {
	controllerManager := c.ControllerManagerArgs
	if c.VolumePluginDir != "" && v.HasFlexVolumeDir() {
		controllerManager = append(slices.Clone(controllerManager), Arg{"flex-volume-plugin-dir", c.VolumePluginDir})
	}
	out := v1beta4.ClusterConfiguration{
		TypeMeta:                  v1beta4.TypeMeta{APIVersion: v1beta4.APIVersion, Kind: "ClusterConfiguration"},
		ClusterName:               c.Name,
		KubernetesVersion:         v.String(),
		ControlPlaneEndpoint:      c.ControlPlaneEndpoint,
		ImageRepository:           c.ImageRepository,
		Networking:                v1beta4.Networking{PodSubnet: c.PodSubnet, ServiceSubnet: c.ServiceSubnet, DNSDomain: c.DNSDomain},
		ControllerManager:         componentV1beta4(controllerManager),
		Scheduler:                 componentV1beta4(c.SchedulerArgs),
		Etcd:                      etcdV1beta4(c),
		EncryptionAlgorithm:       c.EncryptionAlgorithm,
		CertificateValidityPeriod: c.CertificateValidityPeriod.String(),
	}
	if len(c.APIServerArgs)+len(c.CertSANs) > 0 {
		out.APIServer = &v1beta4.APIServer{
			ControlPlaneComponent: v1beta4.ControlPlaneComponent{ExtraArgs: argsV1beta4(c.APIServerArgs)},
			CertSANs:              c.CertSANs,
		}
	}
	return out
}

func etcdV1beta4(c Cluster) v1beta4.Etcd {
	if e := c.ExternalEtcd; e != nil {
		return v1beta4.Etcd{External: &v1beta4.ExternalEtcd{Endpoints: e.Endpoints, CAFile: e.CAFile, CertFile: e.CertFile, KeyFile: e.KeyFile}}
	}
	return v1beta4.Etcd{Local: &v1beta4.LocalEtcd{DataDir: c.EtcdDataDir, ExtraArgs: argsV1beta4(c.EtcdArgs)}}
}

func componentV1beta4(args []Arg) *v1beta4.ControlPlaneComponent {
	if len(args) == 0 {
		return nil
	}
	return &v1beta4.ControlPlaneComponent{ExtraArgs: argsV1beta4(args)}
}

func argsV1beta4(args []Arg) []v1beta4.Arg {
	var out []v1beta4.Arg
	for _, a := range args {
		out = append(out, v1beta4.Arg(a))
	}
	return out
}

func patchesV1beta4(directory string) *v1beta4.Patches {
	if directory == "" {
		return nil
	}
	return &v1beta4.Patches{Directory: directory}
}
