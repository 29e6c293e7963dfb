package spec

import (
	"encoding/base64"
	"encoding/binary"
	"net"
	"net/netip"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"kindling/generator/internal/kubernetes"
	"kindling/generator/internal/yamlfile"
)

var repository = regexp.MustCompile(`^[a-z0-9][a-z0-9.-]*(:[0-9]+)?(/[a-z0-9]+([._-]+[a-z0-9]+)*)*$`)

func (c *checker) checkCluster() {
	if fault := labelFault(c.Name); fault != "" {
		c.Errorf(at("name"), "%s is not an RFC 1123 label: it %s%s", yamlfile.Quote(c.Name), fault, nameHint(c.Name))
	}
	c.checkVersion()
	c.checkEndpoint()
	for i, san := range c.CertSANs {
		if fault := hostFault(strings.TrimPrefix(san, "*.")); fault != "" {
			c.Errorf(at("certSANs", i), "%s %s", yamlfile.Quote(san), fault)
		}
	}
	if !repository.MatchString(c.ImageRepository) {
		c.Errorf(at("imageRepository"), "%s is not a registry; write host, port and path without a scheme, such as registry.k8s.io or registry.example.com:5000/k8s",
			yamlfile.Quote(c.ImageRepository))
	}
	if c.Sound("kubernetesVersion") && !c.Version().JoinsWithoutToken() && c.WorkerIdentity == "node-certificate" {
		c.Errorf(at("workerIdentity"), "in Kubernetes %s workers can only join with a token; write token", c.Version().Minor)
	}
	for i, server := range c.TimeServers {
		if fault := hostFault(server); fault != "" {
			c.Errorf(at("timeServers", i), "%s %s", yamlfile.Quote(server), fault)
		}
	}
	for i, address := range c.MetadataAddresses {
		addr, err := netip.ParseAddr(address)
		linkLocal := addr.IsLinkLocalUnicast() && addr.Zone() == "" && !addr.Is4In6() // as on most clouds; a machine could not have it
		switch fault := addrFault(addr); {
		case err != nil:
			c.Errorf(at("metadataAddresses", i), "%s is not an IP address", yamlfile.Quote(address))
		case fault != "" && !linkLocal:
			c.Errorf(at("metadataAddresses", i), "%s %s", yamlfile.Quote(address), fault)
		}
	}
	for i, key := range c.SSHAuthorizedKeys {
		c.checkAuthorizedKey(at("sshAuthorizedKeys", i), key)
	}
}

func (c *checker) checkVersion() {
	if _, err := kubernetes.ParseVersion(c.KubernetesVersion); err != nil {
		c.Refuse(at("kubernetesVersion"), "%s", versionFault(c.KubernetesVersion, err))
	}
}

var (
	minorOnly = regexp.MustCompile(`^v?1\.[0-9]{1,4}$`)
	exactForm = regexp.MustCompile(`^v1\.[0-9]+\.[0-9]+$`)
)

func versionFault(got string, err error) string {
	switch _, withV := kubernetes.ParseVersion("v" + got); {
	case withV == nil:
		return yamlfile.Quote(got) + " is not an exact Kubernetes version (did you mean \"v" + got + "\"?)"
	case minorOnly.MatchString(got):
		whole := "v" + strings.TrimPrefix(got, "v") + ".0"
		if _, unknown := kubernetes.ParseVersion(whole); unknown != nil {
			return unknown.Error() + "; choose one of these, with its patch release"
		}
		return yamlfile.Quote(got) + " is not an exact Kubernetes version; write the patch release too, such as " + whole
	case len(got) > yamlfile.MaxQuoted:
		return yamlfile.Quote(got) + " is not an exact Kubernetes version"
	}
	if exactForm.MatchString(got) {
		return err.Error() + "; choose one of these"
	}
	return err.Error()
}

func (c *checker) checkEndpoint() {
	p := at("controlPlaneEndpoint")
	host, fault := endpointFault(c.ControlPlaneEndpoint)
	if fault != "" {
		c.Refuse(p, "%s", fault)
		return
	}
	addr, err := netip.ParseAddr(host)
	if err != nil || len(c.ControlPlanes()) < 2 {
		return
	}
	for _, n := range c.Nodes {
		if n.Role != LoadBalance && slices.Contains(n.Addresses(), addr) {
			c.Warnf(p, "is the address of %s: if that machine fails, nobody can reach the other control planes; use a load balancer or a virtual IP", n.Name)
		}
	}
}

// endpointFault reads host:port, or says what is wrong with s.
func endpointFault(s string) (host, fault string) {
	if strings.Contains(s, "://") {
		return "", yamlfile.Quote(s) + " must be host:port, without a scheme"
	}
	if addr, err := netip.ParseAddr(s); err == nil {
		return "", yamlfile.Quote(s) + " has no port (did you mean \"" + netip.AddrPortFrom(addr, 6443).String() + "\"?)"
	}
	host, port, err := net.SplitHostPort(s)
	if err != nil && hostFault(s) == "" {
		return "", yamlfile.Quote(s) + " has no port (did you mean \"" + s + ":6443\"?)"
	}
	if err != nil {
		return "", yamlfile.Quote(s) + " must be host:port, with an IPv6 address in brackets, such as api.example.com:6443 or [fd00::1]:6443"
	}
	if portNumber(port) == 0 {
		return "", yamlfile.Quote(s) + " has no port between 1 and 65535; the API server uses 6443"
	}
	if host == "localhost" {
		return "", yamlfile.Quote(s) + " is localhost, which is a different machine for each client; use a load balancer or a virtual IP"
	}
	if fault := hostFault(host); fault != "" {
		return "", "the host " + yamlfile.Quote(host) + " " + fault
	}
	return host, ""
}

// portNumber reads a TCP port; 0 means that s is not one.
func portNumber(s string) int {
	port, err := strconv.ParseUint(s, 10, 16)
	if err != nil || s[0] == '+' {
		return 0
	}
	return int(port)
}

// checkAuthorizedKey never repeats the value: it may be a private key.
func (c *checker) checkAuthorizedKey(p yamlfile.Path, key string) {
	switch {
	case LooksSecret(key):
		c.Errorf(p, "is a private key; remove it from this file and write the public key (the .pub file) instead")
	case strings.ContainsAny(key, "\n\r"):
		c.Errorf(p, "has several lines; write each public key as its own list item")
	case strings.ContainsFunc(key, func(r rune) bool { return isControl(r) && r != '\t' }):
		c.Errorf(p, "has a control character; copy the line of the .pub file again")
	case !isAuthorizedKey(key):
		c.Errorf(p, "is not an SSH public key; copy the whole line of the .pub file, such as `ssh-ed25519 AAAAC3… me@example.com`")
	}
}

var keyType = regexp.MustCompile(`^(sk-)?(ssh|ecdsa)-[a-z0-9@.-]+$`)

// isAuthorizedKey reports whether a line has a key type, followed by base64 that begins with the same type.
func isAuthorizedKey(line string) bool {
	words := strings.Fields(line)
	for i, word := range words[:max(len(words)-1, 0)] {
		if !keyType.MatchString(word) {
			continue
		}
		blob, err := base64.StdEncoding.DecodeString(words[i+1])
		if err != nil || len(blob) < 4 {
			return false
		}
		n := binary.BigEndian.Uint32(blob)
		return uint64(n) <= uint64(len(blob)-4) && string(blob[4:4+n]) == word && len(blob) > 4+int(n)
	}
	return false
}
