package pki

import (
	"crypto"
	"crypto/x509"
	"crypto/x509/pkix"
	"net"
	"path"
	"time"
)

// identity is who a certificate says its holder is: the user (CN) and the group (O), in Kubernetes' words. Certificates for
// etcd have no group.
type identity struct{ user, group string }

// leaf is a certificate that a request asks for: a client's and, if it has hosts, a server's as well.
type leaf struct {
	name  string // below the PKI directory, without extension
	ca    string // the authority's
	id    identity
	hosts []string // DNS names and IP addresses
}

// nodeLeaves are the nodes' own.
func (r Request) nodeLeaves() []leaf {
	var list []leaf
	for _, name := range r.NodeCertificates {
		list = append(list, leaf{name: name + "/" + kubeletClient, ca: caName, id: nodeIdentity(name)})
	}
	for _, name := range r.EtcdClients {
		list = append(list, leaf{name: name + "/" + etcdClient, ca: etcdCAName, id: identity{user: "kube-apiserver-etcd-client"}})
	}
	for _, host := range r.EtcdMembers {
		for _, kind := range []string{etcdServer, etcdPeer} {
			list = append(list, leaf{name: host.Name + "/" + kind, ca: etcdCAName, id: identity{user: host.Name}, hosts: host.names()})
		}
	}
	return list
}

// NodeFiles are the nodes' own certificates in a PKI directory, without extension.
func (r Request) NodeFiles() []string {
	var list []string
	for _, l := range r.nodeLeaves() {
		list = append(list, path.Join(nodesDir, l.name))
	}
	return list
}

// names are those that kubeadm puts into the certificates of a member of etcd.
func (h Host) names() []string {
	names := []string{h.Name, "localhost"}
	for _, address := range h.Addresses {
		names = append(names, address.String())
	}
	return append(names, "127.0.0.1", "::1")
}

func adminLeaf(group string) leaf {
	return leaf{name: adminName, ca: caName, id: identity{"kubernetes-admin", group}}
}

func superAdminLeaf() leaf {
	return leaf{name: superAdminName, ca: caName, id: identity{"kubernetes-super-admin", "system:masters"}}
}

func nodeIdentity(name string) identity { return identity{"system:node:" + name, "system:nodes"} }

func (id identity) subject() pkix.Name {
	name := pkix.Name{CommonName: id.user}
	if id.group != "" {
		name.Organization = []string{id.group}
	}
	return name
}

// newLeaf certifies the key, with the fields that kubeadm sets. The certificate begins and ends within its authority's time.
// x509 adds the authority key identifier.
func (a *authority) newLeaf(key crypto.Signer, l leaf, now time.Time, validity time.Duration) ([]byte, error) {
	template := &x509.Certificate{
		SerialNumber:          newSerial(),
		Subject:               l.id.subject(),
		NotBefore:             begin(now),
		NotAfter:              now.Add(validity).UTC().Truncate(time.Second),
		KeyUsage:              x509.KeyUsageDigitalSignature | x509.KeyUsageKeyEncipherment,
		ExtKeyUsage:           []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
		BasicConstraintsValid: true,
	}
	for _, host := range l.hosts {
		if address := net.ParseIP(host); address != nil {
			template.IPAddresses = append(template.IPAddresses, address)
		} else {
			template.DNSNames = append(template.DNSNames, host)
		}
	}
	if len(l.hosts) > 0 {
		template.ExtKeyUsage = append(template.ExtKeyUsage, x509.ExtKeyUsageServerAuth)
	}
	if template.NotBefore.Before(a.cert.NotBefore) {
		template.NotBefore = a.cert.NotBefore
	}
	if template.NotAfter.After(a.cert.NotAfter) {
		template.NotAfter = a.cert.NotAfter
	}
	return sign(template, a.cert, key.Public(), a.key)
}
