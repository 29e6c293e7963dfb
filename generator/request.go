package generator

import (
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"slices"

	"kindling/generator/spec"
	"kindling/pki"
)

// Request is all that this cluster needs of its PKI. Of administrators' certificates documents say no more than when they
// end.
func Request(c *spec.Cluster) pki.Request {
	r := newRequest(c)
	r.Authorities = []pki.Authority{clusterCA(c), frontProxyCA, etcdCA(c)}
	r.ServiceAccount, r.BootstrapToken = true, true
	r.Leaves = []pki.Leaf{admin(c)}
	if c.Version().HasSuperAdmin() {
		r.Leaves = append(r.Leaves, superAdmin)
	}
	for i := range r.Leaves {
		r.Leaves[i].Listed = true
	}
	for _, n := range c.Nodes {
		r.Leaves = append(r.Leaves, leavesOf(c, n)...)
	}
	return r
}

// SetRequest is what the documents of the whole set are made from: the [Request], without authorities' keys where no machine has them.
func SetRequest(c *spec.Cluster) pki.Request { return atHome(c, Request(c)) }

// atHome leaves the authorities' keys out if the cluster does.
func atHome(c *spec.Cluster, r pki.Request) pki.Request {
	for i := range r.Authorities {
		r.Authorities[i].CertOnly = r.Authorities[i].CertOnly || c.OfflineCAs()
	}
	return r
}

// NodeRequest is what the document of the node of this name is made from.
func NodeRequest(c *spec.Cluster, name string) (pki.Request, error) {
	n, err := nodeOf(c, name)
	if err != nil {
		return pki.Request{}, err
	}
	r := newRequest(c)
	r.Leaves = leavesOf(c, n)
	switch n.Role {
	case spec.ControlPlane:
		etcd := etcdCA(c)
		etcd.CertOnly = c.ExternalEtcd()
		r.Authorities = []pki.Authority{clusterCA(c), frontProxyCA, etcd}
		r.ServiceAccount, r.BootstrapToken = true, true
	case spec.EtcdMember:
		r.Authorities = []pki.Authority{certOnly(clusterCA(c)), certOnly(etcdCA(c))}
	default:
		r.Authorities = []pki.Authority{certOnly(clusterCA(c))}
		r.BootstrapToken = n.JoinsWithToken()
	}
	return atHome(c, r), nil
}

// KubeconfigRequest is what an administrator's kubeconfig is made from, see [Kubeconfig].
func KubeconfigRequest(c *spec.Cluster, super bool) (pki.Request, error) {
	r := newRequest(c)
	r.Authorities = []pki.Authority{certOnly(clusterCA(c))}
	r.Leaves = []pki.Leaf{admin(c)}
	if super {
		if !c.Version().HasSuperAdmin() {
			return r, fmt.Errorf("Kubernetes %s has no super-admin: leave --super-admin away, its admin is one", c.Version())
		}
		r.Leaves = []pki.Leaf{superAdmin}
	}
	return r, nil
}

// TokenRequest is what the bootstrap token's Secret is made from.
func TokenRequest(c *spec.Cluster) pki.Request {
	r := newRequest(c)
	r.BootstrapToken = true
	return r
}

// RenewalRequest is what can be renewed: all leaves. Of authorities that sign none of them only the certificate is needed,
// to see when it expires.
func RenewalRequest(c *spec.Cluster) pki.Request {
	r := Request(c)
	r.ServiceAccount, r.BootstrapToken = false, false
	for i, a := range r.Authorities {
		r.Authorities[i].CertOnly = !slices.ContainsFunc(r.Leaves, func(l pki.Leaf) bool { return l.CA == a.Name })
	}
	return r
}

// kubeadm's authorities, with the names that kubeadm puts into what they sign.
var frontProxyCA = pki.Authority{Name: pki.FrontProxyCA, CommonName: "front-proxy-ca", Usages: client}

func clusterCA(c *spec.Cluster) pki.Authority {
	return pki.Authority{Name: pki.CA, CommonName: "kubernetes", Usages: clientAndServer, Hosts: apiServerHosts(c, c.ControlPlanes()...)}
}

// apiServerHosts are the names of the API servers of these nodes.
func apiServerHosts(c *spec.Cluster, nodes ...spec.Node) []string {
	hosts := []string{"kubernetes", "kubernetes.default", "kubernetes.default.svc", "kubernetes.default.svc." + c.Networking.DNSDomain, c.EndpointHost()}
	for _, n := range nodes {
		hosts = append(hosts, hostsOf(n)...)
	}
	for _, services := range c.ServiceRanges() {
		hosts = append(hosts, services.Addr().Next().String()) // the Service kubernetes
	}
	return append(hosts, c.CertSANs...)
}

// hostsOf are a node's name and addresses.
func hostsOf(n spec.Node) []string {
	hosts := []string{n.Name}
	for _, address := range n.Addresses() {
		hosts = append(hosts, address.String())
	}
	return hosts
}

func etcdCA(c *spec.Cluster) pki.Authority {
	a := pki.Authority{Name: pki.EtcdCA, CommonName: "etcd-ca", Usages: clientAndServer}
	for _, n := range c.EtcdMembers() {
		a.Hosts = append(a.Hosts, etcdHosts(n)...)
	}
	return a
}

func certOnly(a pki.Authority) pki.Authority {
	a.CertOnly = true
	return a
}

func newRequest(c *spec.Cluster) pki.Request {
	return pki.Request{
		Algorithm:  c.PKI.Algorithm,
		Validity:   c.PKI.CertificateValidityPeriod.Std(),
		CAValidity: c.PKI.CACertificateValidityPeriod.Std(),
	}
}

var (
	client          = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}
	server          = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
	clientAndServer = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth, x509.ExtKeyUsageServerAuth}
)

func admin(c *spec.Cluster) pki.Leaf {
	return pki.Leaf{Name: pki.Admin, CA: pki.CA, Subject: subject("kubernetes-admin", c.Version().AdminGroup()), Usages: client}
}

var superAdmin = pki.Leaf{Name: pki.SuperAdmin, CA: pki.CA, Subject: subject("kubernetes-super-admin", "system:masters"), Usages: client}

// leavesOf are the node's own certificates, with kubeadm's subjects and names.
func leavesOf(c *spec.Cluster, n spec.Node) []pki.Leaf {
	l := leaves{node: n}
	switch {
	case n.Role == spec.ControlPlane:
		if c.OfflineCAs() {
			l.controlPlane(c)
		} else if c.ExternalEtcd() {
			l.etcdClient()
		}
	case n.Role == spec.EtcdMember:
		l.etcdMember(pki.EtcdServer, pki.EtcdPeer)
	case n.Role == spec.Worker && !n.JoinsWithToken():
		l.kubelet(c)
	}
	return l.list
}

// leaves gathers the certificates of a node.
type leaves struct {
	node spec.Node
	list []pki.Leaf
}

func (l *leaves) add(kind, ca string, s pkix.Name, usages []x509.ExtKeyUsage, hosts ...string) {
	l.list = append(l.list, pki.Leaf{Name: pki.NodeLeaf(l.node.Name, kind), Node: l.node.Name, CA: ca, Subject: s, Usages: usages, Hosts: hosts})
}

// controlPlane is all that kubeadm would sign on the machine.
func (l *leaves) controlPlane(c *spec.Cluster) {
	admins := c.Version().AdminGroup()
	l.add(pki.APIServer, pki.CA, subject("kube-apiserver"), server, apiServerHosts(c, l.node)...)
	l.add(pki.APIServerKubeletClient, pki.CA, subject("kube-apiserver-kubelet-client", admins), client)
	l.add(pki.FrontProxyClient, pki.FrontProxyCA, subject("front-proxy-client"), client)
	l.etcdClient()
	if !c.ExternalEtcd() {
		l.etcdMember(pki.EtcdServer)
	}
	l.kubelet(c)
	l.add(pki.MachineAdmin, pki.CA, subject("kubernetes-admin", admins), client)
	if c.Version().HasSuperAdmin() {
		l.add(pki.MachineSuperAdmin, pki.CA, superAdmin.Subject, client)
	}
	l.add(pki.ControllerManager, pki.CA, subject("system:kube-controller-manager"), client)
	l.add(pki.Scheduler, pki.CA, subject("system:kube-scheduler"), client)
	if c.UsesKubeVIP() {
		l.add(pki.KubeVIP, pki.CA, subject("kube-vip"), client)
	}
}

// etcdClient is what an API server asks etcd with.
func (l *leaves) etcdClient() {
	l.add(pki.EtcdClient, pki.EtcdCA, subject("kube-apiserver-etcd-client"), client)
}

func (l *leaves) etcdMember(kinds ...string) {
	for _, kind := range kinds {
		l.add(kind, pki.EtcdCA, subject(l.node.Name), clientAndServer, etcdHosts(l.node)...)
	}
}

// kubelet is the identity of a Node. Where the cluster signs nothing, kubelet serves with it as well.
func (l *leaves) kubelet(c *spec.Cluster) {
	own := subject("system:node:"+l.node.Name, "system:nodes")
	if c.OfflineCAs() {
		l.add(pki.Kubelet, pki.CA, own, clientAndServer, hostsOf(l.node)...)
	} else {
		l.add(pki.KubeletClient, pki.CA, own, client)
	}
}

func etcdHosts(n spec.Node) []string {
	return append(slices.Insert(hostsOf(n), 1, "localhost"), "127.0.0.1", "::1")
}

// subject names a user and the groups that it is in, in Kubernetes' words.
func subject(user string, groups ...string) pkix.Name {
	return pkix.Name{CommonName: user, Organization: groups}
}
