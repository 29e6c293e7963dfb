package verify

import (
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"io/fs"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

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
		if m.Role == spec.ControlPlane || m.Role == spec.EtcdMember {
			return kubernetesPKI + name
		}
		return workerPKI + name
	}
	bundle := pki.Load(request, func(name string) ([]byte, error) {
		if content, found := m.gets.File(onMachine(name)); found {
			return content, nil
		}
		return nil, fs.ErrNotExist
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
	s.checkExpiry(m, bundle)
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
	both   = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth, x509.ExtKeyUsageServerAuth}
)

// request is what a machine's document has to have.
func (s *set) request(m *machine) pki.Request {
	leaf := func(ca, kind, user string, usages []x509.ExtKeyUsage, hosts ...string) pki.Leaf {
		return pki.Leaf{Name: pki.NodeLeaf(m.name, kind), Node: m.name, CA: ca, Subject: pkix.Name{CommonName: user}, Usages: usages, Hosts: hosts}
	}
	clusterCA := pki.Authority{Name: pki.CA, CertOnly: m.Role != spec.ControlPlane, Usages: both, Hosts: append([]string{m.name}, addresses(m)...)}
	etcdCA := pki.Authority{Name: pki.EtcdCA, CertOnly: m.Role != spec.ControlPlane || s.externalEtcd(), Usages: both, Hosts: clusterCA.Hosts}
	switch m.Role {
	case spec.ControlPlane:
		host := s.index.Endpoint[:max(strings.LastIndex(s.index.Endpoint, ":"), 0)]
		clusterCA.Hosts = append(clusterCA.Hosts, strings.Trim(host, "[]"))
		r := pki.Request{Authorities: []pki.Authority{clusterCA, {Name: pki.FrontProxyCA, Usages: client}, etcdCA}, ServiceAccount: true}
		if s.externalEtcd() {
			r.Leaves = []pki.Leaf{leaf(pki.EtcdCA, pki.EtcdClient, "kube-apiserver-etcd-client", client)}
		}
		return r
	case spec.EtcdMember:
		hosts := append([]string{m.name, "localhost", "127.0.0.1"}, addresses(m)...)
		return pki.Request{Authorities: []pki.Authority{etcdCA}, Leaves: []pki.Leaf{
			leaf(pki.EtcdCA, pki.EtcdServer, m.name, both, hosts...), leaf(pki.EtcdCA, pki.EtcdPeer, m.name, both, hosts...),
		}}
	}
	r := pki.Request{Authorities: []pki.Authority{clusterCA}}
	if m.Role == spec.Worker && !joinsWithToken(m) {
		own := leaf(pki.CA, pki.KubeletClient, "system:node:"+m.name, client)
		own.Subject.Organization = []string{"system:nodes"}
		r.Leaves = []pki.Leaf{own}
	}
	return r
}

func addresses(m *machine) []string {
	if m.Address == "" {
		return nil
	}
	return strings.Split(m.Address, ",")
}

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
