package spec

import "strings"

func (c *checker) checkPKI() {
	if c.sound("kubernetesVersion") && strings.HasPrefix(c.PKI.Algorithm, "ECDSA") && !allowsECDSA(c.version) {
		c.errorf(at("pki", "algorithm"), "Kubernetes before 1.22 takes no %s key for service accounts; write RSA-2048", c.PKI.Algorithm)
	}
	if c.sound("kubernetesVersion") && !c.version.HasV1beta4() && c.sound("pki", "certificateValidityPeriod") && c.PKI.CertificateValidityPeriod != year {
		c.errorf(at("pki", "certificateValidityPeriod"), "before Kubernetes 1.31 kubeadm signs for %s and for no other time; remove it", year)
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
