package generator

import (
	"bytes"
	"cmp"
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"text/template"

	"kindling/generator/internal/staticpod"
	"kindling/generator/spec"
	"kindling/pki"
)

//go:embed README.md.tmpl
var readmeSource string

var readmeTemplate = template.Must(template.New("README.md").Parse(readmeSource))

// readme is what README.md.tmpl is filled with. It has no secret and no clock in it.
type readme struct {
	*spec.Cluster
	Set                              string
	Rows                             []readmeRow
	Fits                             []readmeFit
	Notes                            []string
	LoadBalancer, Images             string
	Certificates                     []readmeCertificate
	CertificateWorkers, TokenWorkers bool
	TokenTTL                         string
	BootOrder, Members               string
	NoReboot                         bool
}

type readmeRow struct {
	Node, Role, Address, OS, File string
	Bytes                         int
}

type readmeCertificate struct{ File, NotAfter string }

// readme describes the artifacts that were streamed.
func (s *Set) readme() ([]byte, error) {
	c := s.generator.cluster
	r := readme{
		Cluster: c, Set: s.generator.plan.Set(), Rows: s.rows, Fits: s.fits(), Notes: s.notes(),
		LoadBalancer: loadBalancer(c), Images: podImages(c), Certificates: s.certificates(),
		BootOrder: BootOrder(c), Members: "control planes",
		NoReboot: slices.ContainsFunc(c.Nodes, switchesRebootsOff),
	}
	for _, n := range c.Workers() {
		r.CertificateWorkers = r.CertificateWorkers || !n.JoinsWithToken()
		r.TokenWorkers = r.TokenWorkers || n.JoinsWithToken()
	}
	if ttl := c.BootstrapToken.TTL; ttl.Std() > 0 {
		r.TokenTTL = ttl.String()
	}
	if c.ExternalEtcd() {
		r.Members = "etcd machines"
	}
	var out bytes.Buffer
	err := readmeTemplate.Execute(&out, r)
	return out.Bytes(), err
}

func switchesRebootsOff(n spec.Node) bool {
	os := n.System()
	return len(os.MaskUnits)+len(os.Files) > 0
}

// loadBalancer says what stands, or must stand, behind controlPlaneEndpoint.
func loadBalancer(c *spec.Cluster) string {
	lb, endpoint, vip := c.LoadBalancer, c.ControlPlaneEndpoint, c.VirtualIP()
	held := fmt.Sprintf("one of them holds %s, by ARP or NDP, which must be free in their network. %s must lead there.", vip, endpoint)
	switch {
	case lb.Provider == "external":
		return fmt.Sprintf("Yours at %s passes TCP on, without terminating TLS, to port 6443 of the control planes whose `https://…:6443/readyz` answers 200. "+
			"The control planes come up without it; workers and Services wait for it.", endpoint)
	case c.BalancesOnControlPlanes() && vip.IsValid():
		return fmt.Sprintf("HAProxy in a static pod on every control plane, port %d. With kube-vip %s", lb.Port, held)
	case c.BalancesOnControlPlanes():
		return fmt.Sprintf("HAProxy in a static pod on every control plane, port %d. %s must lead to all of them.", lb.Port, endpoint)
	case c.UsesKubeVIP():
		return "kube-vip on the control planes: " + held
	case vip.IsValid():
		return fmt.Sprintf("HAProxy on the machines of role load-balancer. One of them holds %s by VRRP (virtual router %d, unicast: IP protocol 112 between them). %s must lead there.",
			vip, lb.VirtualRouterID, endpoint)
	}
	return fmt.Sprintf("HAProxy on the machines of role load-balancer, port %d. %s must lead to them.", lb.Port, endpoint)
}

func podImages(c *spec.Cluster) string {
	var images []string
	if c.BalancesOnControlPlanes() {
		images = append(images, "`"+cmp.Or(c.Images.HAProxy, staticpod.HAProxyImage)+"`")
	}
	if c.UsesKubeVIP() {
		images = append(images, "`"+cmp.Or(c.Images.KubeVIP, staticpod.KubeVIPImage)+"`")
	}
	return strings.Join(images, " and ")
}

// certificates lists the shared ones; of the nodes' own only the first to expire.
func (s *Set) certificates() []readmeCertificate {
	var list []readmeCertificate
	row := func(name string, c pki.Certificate) {
		list = append(list, readmeCertificate{name, c.NotAfter.UTC().Format("2006-01-02")})
	}
	var first *pki.Certificate
	for _, cert := range s.generator.bundle.Certificates() {
		if !strings.HasPrefix(cert.File, "nodes/") {
			row(cert.File, cert)
		} else if first == nil || cert.NotAfter.Before(first.NotAfter) {
			first = &cert
		}
	}
	if first != nil {
		row(first.File+", the first of the nodes' own", *first)
	}
	return list
}

// notes are what providers want to be told with the documents.
func (s *Set) notes() []string {
	var notes []string
	for _, n := range s.generator.cluster.Nodes {
		p := n.Platform()
		if note := fmt.Sprintf("%s: %s.", p.Title, p.Note); p.Note != "" && n.System().Format == CloudInit && !slices.Contains(notes, note) {
			notes = append(notes, note)
		}
	}
	return notes
}
