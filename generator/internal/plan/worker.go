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
func workerFiles(c *spec.Cluster, n spec.Node, credentials pki.WorkerCredentials) ([]File, error) {
	files := []File{public(workerCA, credentials.CACert)}
	certs := [][]byte{credentials.CACert}
	discovery := &kubeadm.Discovery{}
	if credentials.BootstrapToken != "" {
		hash, err := credentials.CACertHash()
		if err != nil {
			return nil, err
		}
		discovery.Token, discovery.APIServerEndpoint, discovery.CACertHash = credentials.BootstrapToken, c.ControlPlaneEndpoint, hash
	} else {
		discovery.File = discoveryFile
		certs = append(certs, credentials.Client.Cert)
		files = append(files,
			public(workerCert, credentials.Client.Cert),
			key(workerKey, credentials.Client.Key),
			public(discoveryFile, pki.Kubeconfig{
				Cluster: c.Name, Server: "https://" + c.ControlPlaneEndpoint, User: n.Name,
				CAFile: workerCA, ClientCertFile: workerCert, ClientKeyFile: workerKey,
			}.YAML()))
	}
	join, err := kubeadm.Join(kubeadm.Config{
		Version:          c.Version(),
		Node:             kubeadmNode(c, n),
		PatchesDirectory: workerPatches(c),
		Discovery:        discovery,
	})
	if err != nil {
		return nil, err
	}
	values := nodeEnv(c, n)
	if err := values.addWindow(certs...); err != nil {
		return nil, err
	}
	values["POD_NETWORK"] = strconv.FormatBool(c.CNI.Manifest != "none")
	values["READY_API"] = c.ControlPlaneEndpoint
	node, err := values.bytes()
	if err != nil {
		return nil, err
	}
	return append([]File{public(etc+"/node.env", node), secret(etc+"/kubeadm/join.yaml", join)}, files...), nil
}

// workerPatches is empty without patches, since kubeadm refuses a directory that is not there. On a control plane there is
// always one: the etcd step writes a patch of its own.
func workerPatches(c *spec.Cluster) string {
	if c.Patches.Directory == "" {
		return ""
	}
	return patchesDirectory
}
