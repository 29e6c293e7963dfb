package spec

import (
	"strings"

	"kindling/generator/internal/kubernetes"
)

func (c *checker) checkPKI() {
	if c.Sound("kubernetesVersion") && strings.HasPrefix(c.PKI.Algorithm, "ECDSA") && !c.Version().AllowsECDSA() {
		c.Errorf(at("pki", "algorithm"), "Kubernetes before %s takes no %s key for service accounts; write RSA-2048", kubernetes.SinceECDSA, c.PKI.Algorithm)
	}
	if c.Sound("kubernetesVersion") && !c.Version().HasV1beta4() && c.Sound("pki", "certificateValidityPeriod") && c.PKI.CertificateValidityPeriod != year {
		c.Errorf(at("pki", "certificateValidityPeriod"), "before Kubernetes %s kubeadm signs for %s and for no other time; remove it", kubernetes.SinceV1beta4, year)
	}
	leaf, ca := c.PKI.CertificateValidityPeriod, c.PKI.CACertificateValidityPeriod
	leafPath, caPath := at("pki", "certificateValidityPeriod"), at("pki", "caCertificateValidityPeriod")
	if leaf > ca && c.Sound(leafPath...) && c.Sound(caPath...) {
		p := leafPath
		if !c.Has(p) {
			p = caPath
		}
		c.Errorf(p, "certificates of %s outlive their CA of %s; make certificateValidityPeriod the shorter one", leaf, ca)
	}
}
