package spec

import "strings"

func (c *checker) checkPKI() {
	if c.sound("kubernetesVersion") && strings.HasPrefix(c.PKI.Algorithm, "ECDSA") && !allowsECDSA(c.version) {
		c.errorf(at("pki", "algorithm"), "Kubernetes before 1.22 takes no %s key for service accounts; write RSA-2048", c.PKI.Algorithm)
	}
	leaf, ca := c.PKI.CertificateValidityPeriod, c.PKI.CACertificateValidityPeriod
	leafPath, caPath := at("pki", "certificateValidityPeriod"), at("pki", "caCertificateValidityPeriod")
	leafSound, caSound := c.checkPeriod(leafPath, leaf), c.checkPeriod(caPath, ca)
	if leafSound && caSound && leaf > ca {
		p := leafPath
		if !c.has(p) {
			p = caPath
		}
		c.errorf(p, "certificates of %s outlive their CA of %s; make certificateValidityPeriod the shorter one", leaf, ca)
	}
	if ttl := c.BootstrapToken.TTL; *ttl < 0 {
		c.errorf(at("bootstrapToken", "ttl"), "%s is negative; write 24h, or 0s for a token that never expires", *ttl)
	}
}

func (c *checker) checkPeriod(p path, d Duration) bool {
	if c.has(p) && d <= 0 {
		c.errorf(p, "must be positive, such as 8760h for one year")
		return false
	}
	return c.sound(p...)
}
