package plan

import (
	"strconv"

	"kindling/generator/internal/node"
	"kindling/generator/internal/plan/part"
	"kindling/pki"
	"kindling/templates"
	"kindling/templates/step"
)

// stackedEtcd is a member of etcd on a control plane, which signs the member's certificates itself.
func stackedEtcd(m machine, own pki.ControlPlane) part.Part {
	p := memberOf(m, own.EtcdCA.Cert, own.EtcdToken, guardedKubelet)
	p.Files = append(p.Files, node.Key(part.PKI+"/etcd/ca.key", own.EtcdCA.Key))
	return p
}

// etcdMember is a member of etcd on a machine of its own, which has no authority's key.
func etcdMember(m machine, own pki.EtcdMember) part.Part {
	p := memberOf(m, own.CACert, own.EtcdToken, "kubelet-etcd.conf")
	p.Files = append(p.Files,
		node.Issued(part.PKI+"/etcd/server.crt", own.Server.Cert), node.Key(part.PKI+"/etcd/server.key", own.Server.Key),
		node.Issued(part.PKI+"/etcd/peer.crt", own.Peer.Cert), node.Key(part.PKI+"/etcd/peer.key", own.Peer.Key))
	return p
}

// guardedKubelet is the drop-in of a kubelet that is a Node's as well.
const guardedKubelet = "kubelet-etcd-guard.conf"

func memberOf(m machine, caCert []byte, token, guard string) part.Part {
	shell := []string{"etcd/api.sh", "etcd/ask.sh", "etcd/etcd.sh", "etcd/guard.sh", "etcd/members.sh", "etcd/responder.sh"}
	if !m.Platform().Layer3 {
		shell = append(shell, "etcd/twin.sh")
	}
	p := etcdCluster(m, token)
	p.Steps, p.Shell, p.Programs = []step.Step{step.Etcd}, shell, []string{"curl", "socat"}
	p.Files = []node.File{node.Issued(part.PKI+"/etcd/ca.crt", caCert)}
	p.Units = []node.Unit{{Name: "kubelet.service", DropIn: templates.Unit(guard)}}
	return p
}

// etcdDisk waits for the disk of etcd's directory, wherever etcd runs on the machine.
func etcdDisk() part.Part {
	return part.Part{Steps: []step.Step{step.EtcdDisk}, Shell: []string{"etcd/disk.sh"}}
}

// Where an API server has its credential for external etcd.
const (
	etcdClientCert = part.PKI + "/apiserver-etcd-client.crt"
	etcdClientKey  = part.PKI + "/apiserver-etcd-client.key"
)

// externalEtcd waits for etcd, of which a control plane is a client.
func externalEtcd(m machine, caCert []byte, token string) part.Part {
	p := etcdCluster(m, token)
	p.Steps, p.Shell, p.Programs = []step.Step{step.ExternalEtcd}, []string{"etcd/external.sh"}, []string{"curl"}
	p.Files = []node.File{node.Issued(part.PKI+"/etcd/ca.crt", caCert)}
	return p
}

// etcdClient is what the API server asks external etcd with.
func etcdClient(own pki.ControlPlane) part.Part {
	return part.Part{Files: []node.File{node.Issued(etcdClientCert, own.EtcdClient.Cert), node.Key(etcdClientKey, own.EtcdClient.Key)}}
}

// etcdCluster is what the etcd step must know about the cluster's members.
func etcdCluster(m machine, token string) part.Part {
	etcd := m.cluster.Etcd
	peers := peersOf(m.cluster.EtcdMembers(), token)
	derived := []string{clusterID(peers), token}
	for _, p := range peers {
		derived = append(derived, strconv.FormatUint(p.id, 10))
	}
	return part.Part{Derived: derived, Env: map[string]string{
		"ETCD_BOOTSTRAP_EXPECT":      strconv.Itoa(etcd.BootstrapExpect),
		"ETCD_CLUSTER_ID":            clusterID(peers),
		"ETCD_DATA_DIR":              etcd.DataDir,
		"ETCD_INITIAL_CLUSTER_STATE": etcd.InitialClusterState,
		"ETCD_TOKEN":                 token,
		"PEERS":                      peersList(peers),
	}}
}
