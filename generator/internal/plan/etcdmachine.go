package plan

import (
	"kindling/generator/internal/kubeadm"
	"kindling/generator/spec"
	"kindling/pki"
)

// etcdMachineFiles is what a machine with nothing but etcd has beside the common files. It is given no more than its own
// credentials.
func etcdMachineFiles(c *spec.Cluster, n spec.Node, credentials pki.EtcdMember) ([]File, error) {
	cluster := kubeadmCluster(c)
	cluster.EtcdDataDir, cluster.ExternalEtcd = c.Etcd.DataDir, nil
	init, err := kubeadm.Init(kubeadm.Config{
		Version:          c.Version(),
		Node:             kubeadmNode(c, n),
		Cluster:          cluster,
		PatchesDirectory: patchesDirectory,
	})
	if err != nil {
		return nil, err
	}
	kubelet, err := kubeadm.StandaloneKubelet()
	if err != nil {
		return nil, err
	}
	values := nodeEnv(c, n)
	values.add(etcdEnv(c, credentials.CACert))
	values.addWindow(credentials.Window)
	values["ADDRESS"] = n.Addresses()[0].String()
	node, err := values.bytes()
	if err != nil {
		return nil, err
	}
	return []File{
		public(etc+"/node.env", node),
		public(etc+"/kubeadm/init.yaml", init),
		public(etc+"/kubelet.yaml", kubelet),
		public(pkiDirectory+"/etcd/ca.crt", credentials.CACert),
		public(pkiDirectory+"/etcd/server.crt", credentials.Server.Cert),
		key(pkiDirectory+"/etcd/server.key", credentials.Server.Key),
		public(pkiDirectory+"/etcd/peer.crt", credentials.Peer.Cert),
		key(pkiDirectory+"/etcd/peer.key", credentials.Peer.Key),
	}, nil
}
