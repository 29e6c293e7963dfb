package plan

import (
	"slices"
	"strconv"
	"strings"

	"kindling/generator/internal/kubeadm"
	"kindling/generator/internal/staticpod"
	"kindling/generator/spec"
	"kindling/pki"
	"kindling/templates"
)

// pkiDirectory is kubeadm's certificatesDir on the machine.
const (
	pkiDirectory   = "/etc/kubernetes/pki"
	etcdClientCert = pkiDirectory + "/apiserver-etcd-client.crt"
	etcdClientKey  = pkiDirectory + "/apiserver-etcd-client.key"
)

// controlPlanes is what all control planes share; only here are private CA keys at hand.
type controlPlanes struct {
	bundle  *pki.Bundle
	cluster kubeadm.Cluster
	token   kubeadm.Token
	env     env
	shared  []File
}

func newControlPlanes(c *spec.Cluster, b *pki.Bundle, manifests []File) controlPlanes {
	cp := controlPlanes{
		bundle:  b,
		cluster: kubeadmCluster(c),
		token:   kubeadm.Token{Token: b.BootstrapToken, TTL: c.BootstrapToken.TTL.Std()},
		env:     etcdEnv(c, b.EtcdCA.Cert),
		shared: []File{
			public(pkiDirectory+"/ca.crt", b.CA.Cert),
			key(pkiDirectory+"/ca.key", b.CA.Key),
			public(pkiDirectory+"/front-proxy-ca.crt", b.FrontProxyCA.Cert),
			key(pkiDirectory+"/front-proxy-ca.key", b.FrontProxyCA.Key),
			public(pkiDirectory+"/etcd/ca.crt", b.EtcdCA.Cert),
		},
	}
	if !c.ExternalEtcd() {
		cp.shared = append(cp.shared, key(pkiDirectory+"/etcd/ca.key", b.EtcdCA.Key))
	}
	cp.shared = slices.Concat(cp.shared, []File{
		public(pkiDirectory+"/sa.pub", b.SAPub),
		key(pkiDirectory+"/sa.key", b.SAKey),
	}, manifests)
	return cp
}

func (cp *controlPlanes) files(c *spec.Cluster, n spec.Node, set string) ([]File, error) {
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
	certs := [][]byte{cp.bundle.CA.Cert, cp.bundle.FrontProxyCA.Cert, cp.bundle.EtcdCA.Cert}
	var own []File
	if c.ExternalEtcd() {
		client := cp.bundle.EtcdClient(n.Name)
		certs = append(certs, client.Cert)
		own = []File{public(etcdClientCert, client.Cert), key(etcdClientKey, client.Key)}
	}
	values := nodeEnv(c, n, set)
	values.add(cp.env)
	if err := values.addWindow(certs...); err != nil {
		return nil, err
	}
	values["LOCAL_API_ENDPOINT"] = strconv.FormatBool(c.Version().UsesLocalAPIEndpoint())
	values["ADDRESS"] = address
	values["ADMIN_CONF"] = c.Version().AdminConf()
	values["POD_NETWORK"] = strconv.FormatBool(c.CNI.Kind() != spec.NoManifest)
	if c.BalancesOnControlPlanes() {
		pod, err := staticpod.HAProxy(haproxyConfigFile, pkiDirectory+"/ca.crt")
		if err != nil {
			return nil, err
		}
		values["PORT"] = strconv.Itoa(c.LoadBalancer.Port)
		own = append(own, public(haproxyConfigFile, haproxyConfig(c, pkiDirectory+"/ca.crt")), public(etc+"/haproxy.yaml", pod))
	}
	if c.UsesKubeVIP() {
		pod, err := kubeVIP(c, n)
		if err != nil {
			return nil, err
		}
		values["INTERFACE"] = c.LoadBalancer.Interface
		own = append(own, packed(etc+"/kube-vip.yaml", 0o644, pod))
	}
	node, err := values.bytes()
	if err != nil {
		return nil, err
	}
	return slices.Concat([]File{
		public(etc+"/node.env", node),
		secret(etc+"/kubeadm/init.yaml", init),
	}, cp.shared, own), nil
}

// kubeVIP is the static pod's manifest, in which the machine puts the name of its interface.
func kubeVIP(c *spec.Cluster, n spec.Node) ([]byte, error) {
	return staticpod.KubeVIP(staticpod.KubeVIPConfig{
		NodeName:     n.Name,
		Address:      c.VirtualIP().String(),
		PrefixLength: c.VirtualIP().BitLen(),
		Port:         c.LoadBalancer.Port,
		Interface:    "@INTERFACE@",
		APIServer:    urlHost(n.Addresses()[0].String()) + ":6443",
		Kubeconfig:   "/etc/kubernetes/kube-vip.conf",
	})
}

// mountsFor is a unit that waits for the disk that etcd's data are on: one that is not mounted yet is not an empty one.
func mountsFor(c *spec.Cluster, unit string) string {
	return strings.Replace(templates.Unit(unit), "@MOUNTS@", c.Etcd.DataDir, 1)
}
