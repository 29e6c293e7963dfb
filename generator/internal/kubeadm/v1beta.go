package kubeadm

import (
	"fmt"
	"slices"

	"kindling/generator/internal/kubeadm/v1beta"
	"kindling/generator/internal/kubernetes"
)

// bindPort is the API server's port on every control plane. Clients use controlPlaneEndpoint, whose port may differ.
const bindPort = 6443

func initV1beta(c Config) ([]any, error) {
	if c.Version.HasV1beta4() && c.Cluster.EncryptionAlgorithm == "ECDSA-P384" && !c.Version.SignsP384() {
		return nil, fmt.Errorf("pki.algorithm: kubeadm %s cannot sign with ECDSA-P384, which it knows from v%s: use ECDSA-P256", c.Version, kubernetes.SinceP384)
	}
	initConfig := v1beta.InitConfiguration{
		TypeMeta:         v1beta.TypeMeta{APIVersion: apiVersion(c.Version), Kind: "InitConfiguration"},
		NodeRegistration: nodeV1beta(c.Version, c.Node),
		LocalAPIEndpoint: v1beta.APIEndpoint{AdvertiseAddress: c.Node.AdvertiseAddress, BindPort: bindPort},
		Patches:          patchesV1beta(c.PatchesDirectory),
	}
	if c.Token.Token != "" {
		initConfig.BootstrapTokens = []v1beta.BootstrapToken{{Token: c.Token.Token, TTL: c.Token.TTL.String()}}
	}
	documents := []any{
		initConfig,
		clusterV1beta(c.Version, c.Cluster),
		kubeletConfiguration(c.Cluster),
	}
	if proxy := kubeProxyConfiguration(c.Cluster); proxy != nil {
		documents = append(documents, proxy)
	}
	return documents, nil
}

func joinV1beta(c Config) ([]any, error) {
	join := v1beta.JoinConfiguration{
		TypeMeta:         v1beta.TypeMeta{APIVersion: apiVersion(c.Version), Kind: "JoinConfiguration"},
		NodeRegistration: nodeV1beta(c.Version, c.Node),
		Discovery:        v1beta.Discovery{File: v1beta.FileDiscovery{KubeConfigPath: c.DiscoveryFile}},
		Patches:          patchesV1beta(c.PatchesDirectory),
	}
	return []any{join}, nil
}

func nodeV1beta(v kubernetes.Version, n Node) v1beta.NodeRegistration {
	r := v1beta.NodeRegistration{Name: n.Name, CRISocket: n.CRISocket, KubeletExtraArgs: argsV1beta(v, n.KubeletArgs)}
	if n.Taints != nil {
		taints := make([]v1beta.Taint, len(n.Taints))
		for i, t := range n.Taints {
			taints[i] = v1beta.Taint(t)
		}
		r.Taints = &taints
	}
	return r
}

func clusterV1beta(v kubernetes.Version, c Cluster) v1beta.ClusterConfiguration {
	controllerManager := c.ControllerManagerArgs
	if c.VolumePluginDir != "" && v.HasFlexVolumeDir() {
		controllerManager = append(slices.Clone(controllerManager), Arg{"flex-volume-plugin-dir", c.VolumePluginDir})
	}
	out := v1beta.ClusterConfiguration{
		TypeMeta:             v1beta.TypeMeta{APIVersion: apiVersion(v), Kind: "ClusterConfiguration"},
		ClusterName:          c.Name,
		KubernetesVersion:    v.String(),
		ControlPlaneEndpoint: c.ControlPlaneEndpoint,
		ImageRepository:      c.ImageRepository,
		Networking:           v1beta.Networking{PodSubnet: c.PodSubnet, ServiceSubnet: c.ServiceSubnet, DNSDomain: c.DNSDomain},
		ControllerManager:    componentV1beta(v, controllerManager, c.ControllerManagerVolumes),
		Scheduler:            componentV1beta(v, c.SchedulerArgs, c.SchedulerVolumes),
		Etcd:                 etcdV1beta(v, c),
	}
	if v.HasV1beta4() {
		out.EncryptionAlgorithm, out.CertificateValidityPeriod = c.EncryptionAlgorithm, c.CertificateValidityPeriod.String()
	}
	if component := componentV1beta(v, c.APIServerArgs, c.APIServerVolumes); component != nil || len(c.CertSANs) > 0 {
		out.APIServer = &v1beta.APIServer{CertSANs: c.CertSANs}
		if component != nil {
			out.APIServer.ControlPlaneComponent = *component
		}
	}
	if c.NoKubeProxy && v.HasV1beta4() {
		out.Proxy = &v1beta.Proxy{Disabled: true}
	}
	return out
}

func etcdV1beta(v kubernetes.Version, c Cluster) v1beta.Etcd {
	if e := c.ExternalEtcd; e != nil {
		return v1beta.Etcd{External: &v1beta.ExternalEtcd{Endpoints: e.Endpoints, CAFile: e.CAFile, CertFile: e.CertFile, KeyFile: e.KeyFile}}
	}
	return v1beta.Etcd{Local: &v1beta.LocalEtcd{DataDir: c.EtcdDataDir, ExtraArgs: argsV1beta(v, c.EtcdArgs)}}
}

func componentV1beta(v kubernetes.Version, args []Arg, volumes []Volume) *v1beta.ControlPlaneComponent {
	if len(args)+len(volumes) == 0 {
		return nil
	}
	component := &v1beta.ControlPlaneComponent{ExtraArgs: argsV1beta(v, args)}
	for _, volume := range volumes {
		component.ExtraVolumes = append(component.ExtraVolumes, v1beta.HostPathMount(volume))
	}
	return component
}

func argsV1beta(v kubernetes.Version, args []Arg) v1beta.Args {
	if len(args) == 0 {
		return nil
	}
	if !v.HasV1beta4() {
		flags := v1beta.ArgMap{}
		for _, a := range args {
			flags[a.Name] = a.Value
		}
		return flags
	}
	var list v1beta.ArgList
	for _, a := range args {
		list = append(list, v1beta.Arg(a))
	}
	return list
}

func apiVersion(v kubernetes.Version) string {
	if v.HasV1beta4() {
		return v1beta.V1beta4
	}
	return v1beta.V1beta3
}

func patchesV1beta(directory string) *v1beta.Patches {
	if directory == "" {
		return nil
	}
	return &v1beta.Patches{Directory: directory}
}
