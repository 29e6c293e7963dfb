package plan

import (
	"strconv"

	"kindling/generator/internal/kubeadm"
	"kindling/generator/spec"
	"kindling/pki"
)

const (
	workerCA      = etc + "/pki/ca.crt"
	workerCert    = etc + "/pki/kubelet-client.crt"
	workerKey     = etc + "/pki/kubelet-client.key"
	discoveryFile = etc + "/discovery.conf"
)

// workerFiles is what a worker has beside the common files. It is given no more than the worker's own credentials.
func workerFiles(c *spec.Cluster, n spec.Node, credentials pki.Worker) ([]File, error) {
	join, err := kubeadm.Join(kubeadm.Config{
		Version:          c.Version(),
		Node:             kubeadmNode(c, n),
		PatchesDirectory: workerPatches(c),
		DiscoveryFile:    discoveryFile,
	})
	if err != nil {
		return nil, err
	}
	values := nodeEnv(c, n)
	values.addWindow(credentials.Window)
	values["POD_NETWORK"] = strconv.FormatBool(c.CNI.Manifest != "none")
	values["READY_API"] = c.ControlPlaneEndpoint
	node, err := values.bytes()
	if err != nil {
		return nil, err
	}
	files := []File{public(etc+"/node.env", node), public(etc+"/kubeadm/join.yaml", join), public(workerCA, credentials.CACert)}
	return append(files, discovery(c, n, credentials)...), nil
}

// discovery is the kubeconfig by which kubeadm finds the cluster, knows it, and joins, with the files that it names. The token is
// in it too, rather than in kubeadm's own field: that would have kubeadm ask for cluster-info without a credential, which a cluster
// may refuse.
func discovery(c *spec.Cluster, n spec.Node, credentials pki.Worker) []File {
	config := pki.Kubeconfig{Cluster: c.Name, Server: "https://" + c.ControlPlaneEndpoint, CAFile: workerCA}
	if credentials.BootstrapToken != "" {
		config.User, config.Token = "tls-bootstrap-token-user", credentials.BootstrapToken
		return []File{secret(discoveryFile, config.YAML())}
	}
	config.User, config.ClientCertFile, config.ClientKeyFile = n.Name, workerCert, workerKey
	return []File{
		public(workerCert, credentials.Client.Cert),
		key(workerKey, credentials.Client.Key),
		public(discoveryFile, config.YAML()),
	}
}

// workerPatches is empty without patches, since kubeadm refuses a directory that is not there. On a control plane there is
// always one: the etcd step writes a patch of its own.
func workerPatches(c *spec.Cluster) string {
	if c.Patches.Directory == "" {
		return ""
	}
	return patchesDirectory
}
