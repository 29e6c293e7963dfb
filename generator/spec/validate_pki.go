package spec

import (
	"strings"

	"kindling/generator/internal/kubernetes"
)

func (c *checker) checkPKI() {
	if c.sound("kubernetesVersion") && strings.HasPrefix(c.PKI.Algorithm, "ECDSA") && !c.Version().AllowsECDSA() {
		c.errorf(at("pki", "algorithm"), "Kubernetes before %s takes no %s key for service accounts; write RSA-2048", kubernetes.SinceECDSA, c.PKI.Algorithm)
	}
	if c.sound("kubernetesVersion") && !c.Version().HasV1beta4() && c.sound("pki", "certificateValidityPeriod") && c.PKI.CertificateValidityPeriod != year {
		c.errorf(at("pki", "certificateValidityPeriod"), "before Kubernetes %s kubeadm signs for %s and for no other time; remove it", kubernetes.SinceV1beta4, year)
	}
	leaf, ca := c.PKI.CertificateValidityPeriod, c.PKI.CACertificateValidityPeriod
	leafPath, caPath := at("pki", "certificateValidityPeriod"), at("pki", "caCertificateValidityPeriod")
	if leaf > ca && c.sound(leafPath...) && c.sound(caPath...) {
		p := leafPath
		if !c.has(p) {
			p = caPath
		}
		c.errorf(p, "certificates of %s outlive their CA of %s; make certificateValidityPeriod the shorter one", leaf, ca)
	}
}
