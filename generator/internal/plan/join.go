package plan

import (
	"kindling/generator/internal/kubeadm"
	"kindling/generator/internal/node"
	"kindling/generator/internal/plan/part"
	"kindling/pki"
	"kindling/templates/step"
)

// What a worker joins with.
const (
	workerCA      = part.Etc + "/pki/ca.crt"
	workerCert    = part.Etc + "/pki/kubelet-client.crt"
	workerKey     = part.Etc + "/pki/kubelet-client.key"
	discoveryFile = part.Etc + "/discovery.conf"
)

// join makes the machine a worker of the cluster.
func join(m machine, own pki.Worker) part.Part {
	config, err := kubeadm.Join(kubeadm.Config{
		Version:          m.cluster.Version(),
		Node:             kubeadmNode(m),
		PatchesDirectory: workerPatches(m),
		DiscoveryFile:    discoveryFile,
	})
	p := part.Part{
		Steps: []step.Step{step.Join}, Shell: []string{"join/join.sh", "join/certificate.sh", "join/may.sh"}, Programs: []string{"curl"},
		Env: map[string]string{"READY_API": m.cluster.ControlPlaneEndpoint},
		Files: []node.File{
			node.Public(part.Etc+"/kubeadm/join.yaml", config),
			node.Issued(workerCA, own.CACert),
		},
		Err: err,
	}
	switch {
	case m.JoinsWithToken():
		p.Shell[1] = "join/token.sh"
	case m.cluster.OfflineCAs():
		p.Shell[0] = "join/ca-offline.sh"
		p.Shell, p.Programs = append(p.Shell, "boot/kubeconfig.sh"), append(p.Programs, "base64")
	}
	p.Files = append(p.Files, discovery(m, own)...)
	return p
}

// discovery is the kubeconfig by which kubeadm finds the cluster, verifies it and joins, with the files that it names. The token is
// in it, too, rather than in kubeadm's own field: with that kubeadm would ask for cluster-info without a credential, which a cluster
// may refuse.
func discovery(m machine, own pki.Worker) []node.File {
	config := pki.Kubeconfig{Cluster: m.cluster.Name, Server: "https://" + m.cluster.ControlPlaneEndpoint, CAFile: workerCA}
	if m.JoinsWithToken() {
		config.User, config.Token = "tls-bootstrap-token-user", own.BootstrapToken
		file := node.Secret(discoveryFile, config.YAML())
		file.Hidden = []string{own.BootstrapToken}
		return []node.File{file}
	}
	config.User, config.ClientCertFile, config.ClientKeyFile = m.Name, workerCert, workerKey
	return []node.File{
		node.Issued(workerCert, own.Client.Cert),
		node.Key(workerKey, own.Client.Key),
		node.Public(discoveryFile, config.YAML()),
	}
}

// workerPatches is empty without patches, since kubeadm refuses a directory that does not exist. On a control plane there is
// always one: the etcd step writes a patch of its own.
func workerPatches(m machine) string {
	if len(m.cluster.Patches.Files())+len(m.KubeletConfiguration) == 0 {
		return ""
	}
	return patchesDirectory
}
