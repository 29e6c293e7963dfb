package plan

import (
	"io/fs"
	"slices"
	"strconv"
	"strings"

	"kindling/generator/internal/kubeadm"
	"kindling/generator/spec"
	"kindling/pki"
	"kindling/templates"
)

// pkiDirectory is kubeadm's certificatesDir on the machine.
const pkiDirectory = "/etc/kubernetes/pki"

// controlPlanes is what all control planes share; only here are private CA keys at hand.
type controlPlanes struct {
	cluster kubeadm.Cluster
	token   kubeadm.Token
	env     env
	shared  []File
}

func newControlPlanes(c *spec.Cluster, b *pki.Bundle, dir fs.FS) (controlPlanes, error) {
	notBefore, notAfter, err := pki.Window(b.CA.Cert, b.FrontProxyCA.Cert, b.EtcdCA.Cert)
	if err != nil {
		return controlPlanes{}, err
	}
	manifests, err := manifestFiles(c, dir)
	if err != nil {
		return controlPlanes{}, err
	}
	token := etcdToken(b.EtcdCA.Cert)
	peers := peersOf(c.ControlPlanes(), token)
	return controlPlanes{
		cluster: kubeadmCluster(c),
		token:   kubeadm.Token{Token: b.BootstrapToken, TTL: c.BootstrapToken.TTL.Std()},
		env: env{
			"ETCD_BOOTSTRAP_EXPECT":      strconv.Itoa(c.Etcd.BootstrapExpect),
			"ETCD_CLUSTER_ID":            clusterID(peers),
			"ETCD_DATA_DIR":              c.Etcd.DataDir,
			"ETCD_INITIAL_CLUSTER_STATE": c.Etcd.InitialClusterState,
			"ETCD_TOKEN":                 token,
			"PEERS":                      peersList(peers),
			"LOCAL_API_ENDPOINT":         strconv.FormatBool(c.Version().UsesLocalAPIEndpoint()),
			"NOT_BEFORE":                 strconv.FormatInt(notBefore.Unix(), 10),
			"NOT_AFTER":                  strconv.FormatInt(notAfter.Unix(), 10),
		},
		shared: slices.Concat([]File{
			public(pkiDirectory+"/ca.crt", b.CA.Cert),
			key(pkiDirectory+"/ca.key", b.CA.Key),
			public(pkiDirectory+"/front-proxy-ca.crt", b.FrontProxyCA.Cert),
			key(pkiDirectory+"/front-proxy-ca.key", b.FrontProxyCA.Key),
			public(pkiDirectory+"/etcd/ca.crt", b.EtcdCA.Cert),
			key(pkiDirectory+"/etcd/ca.key", b.EtcdCA.Key),
			public(pkiDirectory+"/sa.pub", b.SAPub),
			key(pkiDirectory+"/sa.key", b.SAKey),
		}, manifests),
	}, nil
}

func (cp *controlPlanes) files(c *spec.Cluster, n spec.Node) ([]File, error) {
	address := n.Addresses()[0].String()
	init, err := kubeadm.Init(kubeadm.Config{
		Version:          c.Version(),
		Node:             kubeadmNode(c, n),
		Cluster:          cp.cluster,
		Token:            cp.token,
		PatchesDirectory: patchesDirectory,
	})
	if err != nil {
		return nil, err
	}
	values := nodeEnv(c, n)
	for name, value := range cp.env {
		values[name] = value
	}
	values["ADDRESS"] = address
	values["POD_NETWORK"] = strconv.FormatBool(c.CNI.Manifest != "none")
	node, err := values.bytes()
	if err != nil {
		return nil, err
	}
	return append([]File{
		public(etc+"/node.env", node),
		secret(etc+"/kubeadm/init.yaml", init),
	}, cp.shared...), nil
}

// mountsFor is a unit that waits for the disk that etcd's data are on: one that is not mounted yet is not an empty one.
func mountsFor(c *spec.Cluster, unit string) string {
	return strings.Replace(templates.Unit(unit), "@ETCD_DATA_DIR@", c.Etcd.DataDir, 1)
}
