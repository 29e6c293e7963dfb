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
	return r, nil
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
	hosts := []string{"kubernetes", "kubernetes.default", "kubernetes.default.svc", "kubernetes.default.svc." + c.Networking.DNSDomain, c.EndpointHost()}
	for _, n := range c.ControlPlanes() {
		hosts = append(hosts, n.Name)
		for _, address := range n.Addresses() {
			hosts = append(hosts, address.String())
		}
	}
	for _, services := range c.ServiceRanges() {
		hosts = append(hosts, services.Addr().Next().String()) // the Service kubernetes
	}
	return pki.Authority{Name: pki.CA, CommonName: "kubernetes", Usages: clientAndServer, Hosts: append(hosts, c.CertSANs...)}
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
	clientAndServer = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth, x509.ExtKeyUsageServerAuth}
)

func admin(c *spec.Cluster) pki.Leaf {
	return pki.Leaf{Name: pki.Admin, CA: pki.CA, Subject: subject("kubernetes-admin", c.Version().AdminGroup()), Usages: client}
}

var superAdmin = pki.Leaf{Name: pki.SuperAdmin, CA: pki.CA, Subject: subject("kubernetes-super-admin", "system:masters"), Usages: client}

// leavesOf are the node's own certificates, with kubeadm's subjects and names.
func leavesOf(c *spec.Cluster, n spec.Node) []pki.Leaf {
	external := c.ExternalEtcd()
	switch {
	case n.Role == spec.Worker && !n.JoinsWithToken():
		return []pki.Leaf{{Name: pki.NodeLeaf(n.Name, pki.KubeletClient), Node: n.Name, CA: pki.CA,
			Subject: subject("system:node:"+n.Name, "system:nodes"), Usages: client}}
	case n.Role == spec.ControlPlane && external:
		return []pki.Leaf{{Name: pki.NodeLeaf(n.Name, pki.EtcdClient), Node: n.Name, CA: pki.EtcdCA,
			Subject: subject("kube-apiserver-etcd-client"), Usages: client}}
	case n.Role == spec.EtcdMember:
		server := pki.Leaf{Name: pki.NodeLeaf(n.Name, pki.EtcdServer), Node: n.Name, CA: pki.EtcdCA,
			Subject: subject(n.Name), Hosts: etcdHosts(n), Usages: clientAndServer}
		peer := server
		peer.Name = pki.NodeLeaf(n.Name, pki.EtcdPeer)
		return []pki.Leaf{server, peer}
	}
	return nil
}

func etcdHosts(n spec.Node) []string {
	hosts := []string{n.Name, "localhost"}
	for _, address := range n.Addresses() {
		hosts = append(hosts, address.String())
	}
	return append(hosts, "127.0.0.1", "::1")
}

// subject names a user and the groups that it is in, in Kubernetes' words.
func subject(user string, groups ...string) pkix.Name {
	return pkix.Name{CommonName: user, Organization: groups}
}
