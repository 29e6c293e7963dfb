package plan

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"kindling/generator/internal/kubeadm"
	"kindling/generator/internal/node"
	"kindling/generator/internal/plan/part"
	"kindling/generator/spec"
)

// kubeadmInit is the configuration that a control plane's kubeadm works with. It has the bootstrap token in it, if a worker needs it.
func kubeadmInit(m machine, bootstrapToken string) part.Part {
	var token kubeadm.Token
	if slices.ContainsFunc(m.cluster.Nodes, spec.Node.JoinsWithToken) {
		token = kubeadm.Token{Token: bootstrapToken, TTL: m.cluster.BootstrapToken.TTL.Std()}
	}
	config, err := kubeadm.Init(kubeadm.Config{
		Version:          m.cluster.Version(),
		Node:             kubeadmNode(m),
		Cluster:          m.kubeadm,
		Token:            token,
		PatchesDirectory: patchesDirectory,
	})
	file := node.Secret(initFile, config)
	file.Secret, file.Hidden = token.Token != "", []string{bootstrapToken}
	return initPart(m, file, err)
}

// kubeadmEtcd is the configuration with which kubeadm makes etcd's static pod on a machine that is no Node.
func kubeadmEtcd(m machine) part.Part {
	cluster := m.kubeadm
	cluster.EtcdDataDir, cluster.ExternalEtcd = m.cluster.Etcd.DataDir, nil
	config, err := kubeadm.Init(kubeadm.Config{
		Version:          m.cluster.Version(),
		Node:             kubeadmNode(m),
		Cluster:          cluster,
		PatchesDirectory: patchesDirectory,
	})
	return initPart(m, node.Public(initFile, config), err)
}

const initFile = part.Etc + "/kubeadm/init.yaml"

func initPart(m machine, config node.File, err error) part.Part {
	return part.Part{
		Shell: []string{"boot/kubeadm.sh"},
		Env:   map[string]string{"ADDRESS": m.Addresses()[0].String()},
		Files: []node.File{config},
		Err:   err,
	}
}

// kubeadmCluster is the part of kubeadm's configuration that every machine has alike, so that it does not matter who
// uploads it.
func kubeadmCluster(c *spec.Cluster) kubeadm.Cluster {
	k := kubeadm.Cluster{
		Name:                      c.Name,
		ControlPlaneEndpoint:      c.ControlPlaneEndpoint,
		ImageRepository:           c.ImageRepository,
		PodSubnet:                 c.Networking.PodSubnet,
		ServiceSubnet:             c.Networking.ServiceSubnet,
		DNSDomain:                 c.Networking.DNSDomain,
		CertSANs:                  c.CertSANs,
		APIServerArgs:             withGates(c, kubeadmArgs(c.ExtraArgs.APIServer)),
		APIServerVolumes:          kubeadmVolumes(c.ExtraVolumes.APIServer),
		ControllerManagerArgs:     withGates(c, kubeadmArgs(c.ExtraArgs.ControllerManager)),
		ControllerManagerVolumes:  kubeadmVolumes(c.ExtraVolumes.ControllerManager),
		SchedulerArgs:             withGates(c, kubeadmArgs(c.ExtraArgs.Scheduler)),
		SchedulerVolumes:          kubeadmVolumes(c.ExtraVolumes.Scheduler),
		EtcdArgs:                  kubeadmArgs(c.ExtraArgs.Etcd),
		EtcdDataDir:               c.Etcd.DataDir,
		EncryptionAlgorithm:       c.PKI.Algorithm,
		CertificateValidityPeriod: c.PKI.CertificateValidityPeriod.Std(),
		NoKubeProxy:               c.KubeProxy.Disabled,
		KubeProxyMode:             c.KubeProxy.Mode,
		FeatureGates:              c.FeatureGates,
		Kubelet:                   c.KubeletConfiguration,
	}
	if c.ExternalEtcd() {
		k.EtcdDataDir, k.ExternalEtcd = "", &kubeadm.ExternalEtcd{CAFile: part.PKI + "/etcd/ca.crt", CertFile: etcdClientCert, KeyFile: etcdClientKey}
		for _, member := range c.EtcdMembers() {
			k.ExternalEtcd.Endpoints = append(k.ExternalEtcd.Endpoints, "https://"+urlHost(member)+":2379")
		}
	}
	if c.OfflineCAs() {
		signsNothing(&k)
	}
	if slices.ContainsFunc(c.Nodes, func(n spec.Node) bool { return n.System().ReadOnlyUsr }) {
		k.VolumePluginDir = volumePluginDir
	}
	return k
}

// signsNothing is what a cluster without an authority's key has different: kubelets ask for no certificate, and API servers know what
// kubelets serve with, since the documents brought it.
func signsNothing(k *kubeadm.Cluster) {
	k.Kubelet = maps.Clone(k.Kubelet)
	if k.Kubelet == nil {
		k.Kubelet = map[string]any{}
	}
	k.Kubelet["rotateCertificates"] = false
	const flag = "kubelet-certificate-authority"
	if !slices.ContainsFunc(k.APIServerArgs, func(a kubeadm.Arg) bool { return a.Name == flag }) {
		k.APIServerArgs = append(k.APIServerArgs, kubeadm.Arg{Name: flag, Value: part.PKI + "/ca.crt"})
	}
}

// volumePluginDir is writable on every operating system. kubelet's configuration is the cluster's, not a node's, so one
// machine with a read-only /usr moves it for all.
const volumePluginDir = "/var/lib/kubelet/volumeplugins"

// anyName stands for the name of a machine of a pool, which the machine puts in its place. kubelet is told its Node's name in any
// case: the host's may change, or come late.
const anyName = "@NAME@"

func kubeadmNode(m machine) kubeadm.Node {
	k := kubeadm.Node{
		CRISocket:   "unix:///var/run/containerd/containerd.sock",
		KubeletArgs: append([]kubeadm.Arg{{Name: "hostname-override", Value: anyName}, {Name: "node-ip", Value: nodeIP(m)}}, kubeadmArgs(slices.Concat(m.cluster.ExtraArgs.Kubelet, m.ExtraArgs.Kubelet))...),
	}
	if !m.Any() {
		k.Name, k.KubeletArgs[0].Value = m.Name, m.Name
	}
	if m.Role == spec.ControlPlane || m.Role == spec.EtcdMember {
		k.AdvertiseAddress = m.Addresses()[0].String()
	}
	if list := labelList(m.Labels); list != "" {
		k.KubeletArgs = append(k.KubeletArgs, kubeadm.Arg{Name: "node-labels", Value: list})
	}
	if m.Taints != nil {
		k.Taints = []kubeadm.Taint{}
		for _, t := range m.Taints {
			k.Taints = append(k.Taints, kubeadm.Taint(t))
		}
	}
	return k
}

func kubeadmArgs(args []spec.Arg) []kubeadm.Arg {
	var out []kubeadm.Arg
	for _, a := range args {
		out = append(out, kubeadm.Arg(a))
	}
	return out
}

func kubeadmVolumes(volumes []spec.Volume) []kubeadm.Volume {
	var out []kubeadm.Volume
	for _, v := range volumes {
		out = append(out, kubeadm.Volume(v))
	}
	return out
}

// withGates adds the flag with the cluster's feature gates.
func withGates(c *spec.Cluster, args []kubeadm.Arg) []kubeadm.Arg {
	if len(c.FeatureGates) == 0 {
		return args
	}
	var list []string
	for _, name := range slices.Sorted(maps.Keys(c.FeatureGates)) {
		list = append(list, fmt.Sprintf("%s=%t", name, c.FeatureGates[name]))
	}
	return append(args, kubeadm.Arg{Name: "feature-gates", Value: strings.Join(list, ",")})
}

// kubeletPatch is the file with this machine's own fields of the kubelet's configuration, which kubeadm lays over the cluster's.
func kubeletPatch(m machine) part.Part {
	if len(m.KubeletConfiguration) == 0 {
		return part.Part{}
	}
	text, err := kubeadm.KubeletPatch(m.KubeletConfiguration)
	return part.Part{Files: []node.File{node.Public(patchesDirectory+"/kubeletconfiguration-node+merge.yaml", text)}, Err: err}
}

// labelList is kubelet's --node-labels. The others are for the control planes to set, see [labels].
func labelList(labels map[string]string) string {
	var list []string
	for _, key := range slices.Sorted(maps.Keys(labels)) {
		if spec.KubeletMaySet(key) {
			list = append(list, key+"="+labels[key])
		}
	}
	return strings.Join(list, ",")
}
