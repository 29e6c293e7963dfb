package spec

import (
	"slices"
	"strings"
	"time"

	"kindling/generator/internal/kubernetes"
	"kindling/generator/internal/yamlfile"
)

func (c *checker) checkPKI() {
	if c.Sound("kubernetesVersion") && strings.HasPrefix(c.PKI.Algorithm, "ECDSA") && !c.Version().AllowsECDSA() {
		c.Errorf(at("pki", "algorithm"), "Kubernetes before %s does not accept %s keys for service accounts; write RSA-2048", kubernetes.SinceECDSA, c.PKI.Algorithm)
	}
	if c.Sound("kubernetesVersion") && !c.Version().HasV1beta4() && c.Sound("pki", "certificateValidityPeriod") && c.PKI.CertificateValidityPeriod != year {
		c.Errorf(at("pki", "certificateValidityPeriod"), "before Kubernetes %s, kubeadm always signs for %s; remove this field", kubernetes.SinceV1beta4, year)
	}
	if c.Sound("kubernetesVersion") && c.PKI.Algorithm == "ECDSA-P384" && c.Version().HasV1beta4() && !c.Version().SignsP384() {
		c.Errorf(at("pki", "algorithm"), "kubeadm cannot sign with ECDSA-P384 before %s; write ECDSA-P256", kubernetes.SinceP384)
	}
	if c.OfflineCAs() {
		c.checkOffline()
	}
	leaf, ca := c.PKI.CertificateValidityPeriod, c.PKI.CACertificateValidityPeriod
	leafPath, caPath := at("pki", "certificateValidityPeriod"), at("pki", "caCertificateValidityPeriod")
	if leaf > ca && c.Sound(leafPath...) && c.Sound(caPath...) {
		p := leafPath
		if !c.Has(p) {
			p = caPath
		}
		c.Errorf(p, "certificates would last %s, longer than their CA (%s); make certificateValidityPeriod shorter", leaf, ca)
	}
	if leaf < shortest && c.Sound(leafPath...) {
		c.Errorf(leafPath, "certificates that last %s end while machines boot for the first time; write at least %s", leaf, shortest)
	}
	if ttl, p := c.BootstrapToken.TTL, at("bootstrapToken", "ttl"); c.Sound(p...) && *ttl > 0 && *ttl < shortest {
		c.Errorf(p, "a token that lasts %s ends while machines boot for the first time; write at least %s, or 0s for one without an end", *ttl, shortest)
	}
}

// shortest is the lifetime with which machines of a test still come up, and renew their certificates.
const shortest = Duration(10 * time.Minute)

// offline is the value of pki.caKeys with which no machine has an authority's key.
const offline = "offline"

// checkOffline refuses what needs a cluster that signs certificates.
func (c *checker) checkOffline() {
	if c.WorkerIdentity == "token" {
		p := at("workerIdentity")
		if !c.Has(p) {
			p = at("pki", "caKeys") // it is the default of an old release
		}
		c.Errorf(p, "with pki.caKeys: offline the cluster signs no certificate, so nobody can join with a token; write workerIdentity: node-certificate")
	}
	c.checkKubeletSigned(at("kubeletConfiguration"), c.KubeletConfiguration)
	for i, n := range c.Nodes {
		if n.Any() {
			c.Errorf(at("nodes", i, "count"), "with pki.caKeys: offline the cluster signs no certificate, so a pool cannot join; write a node for each machine")
		}
		c.checkKubeletSigned(at("nodes", i, "kubeletConfiguration"), n.KubeletConfiguration)
	}
}

// checkKubeletSigned refuses to have kubelet ask for certificates that nobody signs.
func (c *checker) checkKubeletSigned(p yamlfile.Path, fields map[string]any) {
	for _, name := range []string{"rotateCertificates", "serverTLSBootstrap"} {
		if fields[name] == true {
			c.Errorf(append(slices.Clone(p), name), "with pki.caKeys: offline the cluster signs no certificate; remove this field")
		}
	}
}
