package verify

import (
	"bytes"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"kindling/generator/internal/kubernetes"
	"kindling/generator/spec"
	"kindling/pki"
)

// soon is how long before a certificate ends the machines warn, too.
const soon = 60 * 24 * time.Hour

const (
	kubernetesPKI = "/etc/kubernetes/pki/"
	workerPKI     = "/etc/kindling/pki/"
	discoveryFile = "/etc/kindling/discovery.conf"
)

var token = regexp.MustCompile(`\btoken: *"?([a-z0-9]{6}\.[a-z0-9]{16})\b`)

// checkKeys looks at a machine's certificates and keys, as if they were a PKI that has to be right for this machine alone.
func (s *set) checkKeys(m *machine) {
	request := s.request(m)
	onMachine := func(name string) string {
		name = strings.TrimPrefix(name, "nodes/"+m.name+"/")
		if kind := strings.TrimSuffix(name, path.Ext(name)); kind == pki.Kubelet {
			return workerPKI + pki.KubeletClient + path.Ext(name)
		} else if m.Role == spec.EtcdMember || m.Role == spec.ControlPlane && !slices.Contains(pki.KubeconfigKinds, kind) {
			return kubernetesPKI + name
		}
		return workerPKI + name
	}
	bundle := pki.Load(request, func(name string) ([]byte, error) {
		kept, second := s.besides(name)
		content, found := m.gets.File(onMachine(kept))
		if found && (second || s.twoOf(kept)) {
			content, found = oneOf(content, second)
		}
		if !found {
			return nil, fs.ErrNotExist
		}
		return content, nil
	})
	var problems pki.Problems
	if errors.As(bundle.Check(s.now), &problems) {
		for _, p := range problems {
			remedy := regenerate
			if strings.Contains(p.Fault, "expired") {
				remedy = "run kindling pki renew, then kindling generate; for an authority, see docs/day-two.md"
			}
			s.problem(m.Document, remedy, "%s %s", onMachine(p.File), p.Fault)
		}
		return
	}
	signing, _ := m.gets.File(kubernetesPKI + "ca-signing.crt")
	if request.ServiceAccount && !s.offline() && !bytes.Equal(signing, bundle.SigningCert()) {
		s.wrong(m, "%sca-signing.crt is not the certificate that ca.key belongs to, which kube-controller-manager signs with", kubernetesPKI)
	}
	s.checkExpiry(m, bundle)
}

// authorities are the files of those that can be rotated, by the words of kindling pki rotate.
var authorities = map[string]string{"ca": pki.CA, "etcd-ca": pki.EtcdCA, "front-proxy-ca": pki.FrontProxyCA}

// twoOf reports whether a file has two certificates, since a rotation is not over.
func (s *set) twoOf(name string) bool {
	for word, pair := range authorities {
		if name == pair+".crt" {
			return s.index.Rotation[word] != ""
		}
	}
	return false
}

// besides is the file of a document that has what a PKI has in a file of this name, and whether it is the second one in it.
func (s *set) besides(name string) (file string, second bool) {
	for word, pair := range authorities {
		if stage := s.index.Rotation[word]; stage != "" && name == pair+pki.Besides(stage)+".crt" {
			return pair + ".crt", true
		}
	}
	return name, false
}

// oneOf is one of two certificates.
func oneOf(certificates []byte, second bool) (one []byte, found bool) {
	block, rest := pem.Decode(certificates)
	switch {
	case block == nil:
		return certificates, !second
	case second:
		return rest, len(rest) > 0
	}
	return pem.EncodeToMemory(block), true
}

// checkExpiry looks at when a machine's certificates end, and at what the machine and the index believe about that.
func (s *set) checkExpiry(m *machine, bundle *pki.Bundle) {
	var first pki.Certificate
	for _, c := range bundle.Certificates() {
		if first.NotAfter.IsZero() || c.NotAfter.Before(first.NotAfter) {
			first = c
		}
	}
	if m.env["NOT_AFTER"] != strconv.FormatInt(first.NotAfter.Unix(), 10) {
		s.wrong(m, "%s has another NOT_AFTER than its certificates", nodeEnv)
	}
	if end := first.NotAfter.UTC().Format(time.RFC3339); m.Expires != end {
		s.problem(indexName, putBack, "says that the certificates of %s end on %s, but they do on %s", m.name, m.Expires, end)
	}
	if first.NotAfter.Sub(s.now) < soon {
		s.report.Warnings = append(s.report.Warnings, Problem{m.Document, "its first certificate expires on " + first.NotAfter.UTC().Format(time.DateOnly),
			"run kindling pki renew, then kindling generate"})
	}
}

var (
	client = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}
	server = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
	both   = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth, x509.ExtKeyUsageServerAuth}
)

// request is what a machine's document has to have.
func (s *set) request(m *machine) pki.Request {
	own := append([]string{m.name}, addresses(m)...)
	clusterCA := pki.Authority{Name: pki.CA, CertOnly: m.Role != spec.ControlPlane || s.offline(), Usages: both, Hosts: own}
	etcdCA := pki.Authority{Name: pki.EtcdCA, CertOnly: clusterCA.CertOnly || s.externalEtcd(), Usages: both, Hosts: own}
	l := leaves{machine: m}
	switch m.Role {
	case spec.ControlPlane:
		host := s.index.Endpoint[:max(strings.LastIndex(s.index.Endpoint, ":"), 0)]
		clusterCA.Hosts = append(slices.Clone(own), strings.Trim(host, "[]"))
		frontProxyCA := pki.Authority{Name: pki.FrontProxyCA, CertOnly: s.offline(), Usages: client}
		if s.externalEtcd() || s.offline() {
			l.add(pki.EtcdCA, pki.EtcdClient, "kube-apiserver-etcd-client", client)
		}
		if s.offline() {
			s.issued(&l, clusterCA.Hosts)
		}
		return pki.Request{Authorities: []pki.Authority{clusterCA, frontProxyCA, etcdCA}, ServiceAccount: true, Leaves: l.list}
	case spec.EtcdMember:
		l.etcdMember(own)
		return pki.Request{Authorities: []pki.Authority{etcdCA}, Leaves: l.list}
	case spec.Worker:
		switch {
		case s.offline():
			l.kubelet(pki.Kubelet, both, own...)
		case !joinsWithToken(m):
			l.kubelet(pki.KubeletClient, client)
		}
	}
	return pki.Request{Authorities: []pki.Authority{clusterCA}, Leaves: l.list}
}

// issued is what a control plane has where no machine has a CA's key. Its administrators' group is that of its release.
func (s *set) issued(l *leaves, apiServer []string) {
	l.add(pki.CA, pki.APIServer, "kube-apiserver", server, append([]string{"kubernetes", "kubernetes.default.svc"}, apiServer...)...)
	l.add(pki.FrontProxyCA, pki.FrontProxyClient, "front-proxy-client", client)
	l.kubelet(pki.Kubelet, both, append([]string{l.machine.name}, addresses(l.machine)...)...)
	l.add(pki.CA, pki.ControllerManager, "system:kube-controller-manager", client)
	l.add(pki.CA, pki.Scheduler, "system:kube-scheduler", client)
	if version, err := kubernetes.ParseVersion(s.index.KubernetesVersion); err == nil {
		l.member(version.AdminGroup(), pki.APIServerKubeletClient, "kube-apiserver-kubelet-client", client)
		l.member(version.AdminGroup(), pki.MachineAdmin, "kubernetes-admin", client)
		if version.HasSuperAdmin() {
			l.member("system:masters", pki.MachineSuperAdmin, "kubernetes-super-admin", client)
		}
	}
	if s.index.Spec["loadBalancer.provider"] == "kube-vip" {
		l.add(pki.CA, pki.KubeVIP, "kube-vip", client)
	}
	if !s.externalEtcd() {
		l.etcdMember(append([]string{l.machine.name}, addresses(l.machine)...))
	}
}

// leaves gathers the certificates of a machine.
type leaves struct {
	machine *machine
	list    []pki.Leaf
}

func (l *leaves) add(ca, kind, user string, usages []x509.ExtKeyUsage, hosts ...string) {
	l.list = append(l.list, pki.Leaf{Name: pki.NodeLeaf(l.machine.name, kind), Node: l.machine.name, CA: ca,
		Subject: pkix.Name{CommonName: user}, Usages: usages, Hosts: hosts})
}

// member adds a certificate of the cluster's CA for a user in a group.
func (l *leaves) member(group, kind, user string, usages []x509.ExtKeyUsage, hosts ...string) {
	l.add(pki.CA, kind, user, usages, hosts...)
	l.list[len(l.list)-1].Subject.Organization = []string{group}
}

func (l *leaves) kubelet(kind string, usages []x509.ExtKeyUsage, hosts ...string) {
	l.member("system:nodes", kind, "system:node:"+l.machine.name, usages, hosts...)
}

func (l *leaves) etcdMember(own []string) {
	hosts := append([]string{"localhost", "127.0.0.1"}, own...)
	l.add(pki.EtcdCA, pki.EtcdServer, l.machine.name, both, hosts...)
	l.add(pki.EtcdCA, pki.EtcdPeer, l.machine.name, both, hosts...)
}

func addresses(m *machine) []string {
	if m.Address == "" {
		return nil
	}
	return strings.Split(m.Address, ",")
}

// offline reports whether no machine may have a CA's key.
func (s *set) offline() bool { return s.index.Spec["pki.caKeys"] == "offline" }

func (s *set) externalEtcd() bool {
	for _, n := range s.index.Nodes {
		if n.Role == spec.EtcdMember {
			return true
		}
	}
	return false
}

func joinsWithToken(m *machine) bool {
	text, _ := m.gets.File(discoveryFile)
	return m.Role == spec.Worker && (m.Count != "" || slices.ContainsFunc(strings.Split(string(text), "\n"), token.MatchString))
}
