package spec

import (
	"strings"

	"kindling/generator/internal/kubernetes"
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
	if c.PKI.CAKeys == "offline" {
		c.Errorf(at("pki", "caKeys"), "kindling cannot make documents without the CAs' keys yet; write control-plane, or leave it out")
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
}
