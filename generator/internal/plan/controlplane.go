package plan

import (
	"io/fs"
	"net/netip"
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

// controlPlanes is what all control planes share beside the PKI.
type controlPlanes struct {
	cluster   kubeadm.Cluster
	manifests []File
}

func newControlPlanes(c *spec.Cluster, dir fs.FS) (controlPlanes, error) {
	manifests, err := manifestFiles(c, dir)
	return controlPlanes{kubeadmCluster(c), manifests}, err
}

// pkiFiles are what kubeadm finds on the machine, instead of making it there.
func pkiFiles(credentials pki.ControlPlane) []File {
	files := []File{
		public(pkiDirectory+"/ca.crt", credentials.CA.Cert),
		key(pkiDirectory+"/ca.key", credentials.CA.Key),
		public(pkiDirectory+"/front-proxy-ca.crt", credentials.FrontProxyCA.Cert),
		key(pkiDirectory+"/front-proxy-ca.key", credentials.FrontProxyCA.Key),
		public(pkiDirectory+"/etcd/ca.crt", credentials.EtcdCA.Cert),
	}
	if credentials.EtcdCA.Key != nil {
		files = append(files, key(pkiDirectory+"/etcd/ca.key", credentials.EtcdCA.Key))
	}
	return append(files, public(pkiDirectory+"/sa.pub", credentials.SAPub), key(pkiDirectory+"/sa.key", credentials.SAKey))
}

func (cp *controlPlanes) files(c *spec.Cluster, n spec.Node, credentials pki.ControlPlane) ([]File, error) {
	address := n.Addresses()[0].String()
	init, err := kubeadm.Init(kubeadm.Config{
		Version:          c.Version(),
		Node:             kubeadmNode(c, n),
		Cluster:          cp.cluster,
		Token:            kubeadm.Token{Token: credentials.BootstrapToken, TTL: c.BootstrapToken.TTL.Std()},
		PatchesDirectory: patchesDirectory,
	})
	if err != nil {
		return nil, err
	}
	var own []File
	if client := credentials.EtcdClient; client.Cert != nil {
		own = []File{public(etcdClientCert, client.Cert), key(etcdClientKey, client.Key)}
	}
	values := nodeEnv(c, n)
	values.add(etcdEnv(c, credentials.EtcdCA.Cert))
	values.addWindow(credentials.Window)
	values["LOCAL_API_ENDPOINT"] = strconv.FormatBool(c.Version().UsesLocalAPIEndpoint())
	values["ADDRESS"] = address
	values["POD_NETWORK"] = strconv.FormatBool(c.CNI.Manifest != "none")
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
	}, pkiFiles(credentials), cp.manifests, own), nil
}

// kubeVIP is the static pod's manifest, in which the machine puts the name of its interface.
func kubeVIP(c *spec.Cluster, n spec.Node) ([]byte, error) {
	address, err := netip.ParseAddr(c.LoadBalancer.VirtualIP)
	if err != nil {
		return nil, err // validated by spec.Load
	}
	return staticpod.KubeVIP(staticpod.KubeVIPConfig{
		NodeName:     n.Name,
		Address:      address.String(),
		PrefixLength: address.BitLen(),
		Port:         c.LoadBalancer.Port,
		Interface:    "@INTERFACE@",
		APIServer:    urlHost(n.Addresses()[0].String()) + ":6443",
		Kubeconfig:   "/etc/kubernetes/kube-vip.conf",
	})
}

// mountsFor is a unit that waits for the disk that etcd's data are on: one that is not mounted yet is not an empty one.
func mountsFor(c *spec.Cluster, unit string) string {
	return strings.Replace(templates.Unit(unit), "@ETCD_DATA_DIR@", c.Etcd.DataDir, 1)
}
