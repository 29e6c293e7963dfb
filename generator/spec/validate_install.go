package spec

import (
	"crypto/x509"
	"encoding/pem"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"kindling/generator/internal/distro"
	"kindling/generator/internal/kubernetes"
	"kindling/generator/internal/yamlfile"
)

// checkMethodSaid wants an install method for each node: it decides what a machine's image has to have, so none is guessed.
func (c *checker) checkMethodSaid() {
	silent := map[string][]string{} // operating systems without a method, by the best one
	for i, n := range c.Nodes {
		if n.InstallMethod() != "" || n.System().Name == "" || !c.Sound("install", "method") || !c.Sound("nodes", i, "install", "method") {
			continue
		}
		best := bestMethod(n.System(), c.Version())
		if !slices.Contains(silent[best], n.System().Name) {
			silent[best] = append(silent[best], n.System().Name)
		}
	}
	for _, best := range slices.Sorted(maps.Keys(silent)) {
		c.Errorf(at("install", "method"), "missing, for %s; say how the programs of Kubernetes get onto the machines: `install: {method: %s}` for stock images, or `install: {method: preinstalled}` for images that have them",
			strings.Join(silent[best], ", "), best)
	}
}

// bestMethod is the one for the stock images of an operating system.
func bestMethod(system distro.OS, version kubernetes.Version) string {
	if system.Manager == "" || !version.HasPackages() {
		return "binaries"
	}
	return "packages"
}

func (c *checker) checkInstall(p yamlfile.Path, n Node) {
	if n.Install != nil {
		c.checkVersions(p.With("install", "versions"), n.Install.Versions)
		c.checkVersionsMatter(p.With("install", "versions"), n.Install.Versions, n)
		c.checkPackages(p.With("install", "method"), n.Install.Method)
	}
	field := p.With("install", "method")
	if !c.Has(field) {
		field = p
	}
	switch system := n.System(); {
	case system.ReadOnlyUsr && n.InstallMethod() == "packages":
		c.Errorf(field, "%s has a read-only /usr, so packages cannot be installed; use the install method binaries or preinstalled%s", system.Name, map[bool]string{true: ", or sysext"}[system.Sysext])
	case system.Name != "" && !system.Sysext && n.InstallMethod() == "sysext":
		c.Errorf(field, "there is no system extension with Kubernetes for %s; use the install method %s", system.Name, bestMethod(system, c.Version()))
	}
}

func (c *checker) checkPackages(p yamlfile.Path, method string) {
	if method == "packages" && !c.Version().HasPackages() {
		c.Errorf(p, "there are no packages of Kubernetes before %s any more; use the install method binaries", kubernetes.SincePackages)
	}
}

// checkVersionsMatter finds versions that none of the nodes would get.
func (c *checker) checkVersionsMatter(p yamlfile.Path, v Versions, nodes ...Node) {
	if v == (Versions{}) || slices.ContainsFunc(nodes, func(n Node) bool { return v.matter(n) }) {
		return
	}
	c.Errorf(p, "only the install method binaries takes these versions, and packages takes containerd and runc on rocky and alma; otherwise they are those of the operating system or of the image")
}

// matter reports whether the machine of a node would get one of the versions.
func (v Versions) matter(n Node) bool {
	switch n.InstallMethod() {
	case "binaries":
		return true
	case "packages":
		return n.System().Containerd == "" && (v.Containerd != "" || v.Runc != "")
	}
	return false
}

var releaseForm = regexp.MustCompile(`^(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)(-[a-z0-9.]+)?$`)

func (c *checker) checkVersions(p yamlfile.Path, v Versions) {
	for _, field := range []struct{ name, value, example string }{
		{"containerd", v.Containerd, "2.3.4"}, {"runc", v.Runc, "1.4.3"}, {"cni", v.CNI, "1.9.1"}, {"crictl", v.Crictl, "1.36.0"},
	} {
		if field.value != "" && !releaseForm.MatchString(field.value) {
			c.Errorf(p.With(field.name), "%s is not an exact release without a \"v\", such as %s", yamlfile.Quote(field.value), field.example)
		}
	}
	if major, _, _ := strings.Cut(v.Containerd, "."); releaseForm.MatchString(v.Containerd) {
		switch version := c.Version(); {
		case major != "0" && major != "1" && !version.SpeaksCRIv1():
			c.Errorf(p.With("containerd"), "containerd %s speaks only CRI v1, and Kubernetes %s only v1alpha2; use containerd 1.7", v.Containerd, version)
		case (major == "0" || major == "1") && !version.WorksWithContainerd1():
			c.Errorf(p.With("containerd"), "Kubernetes %s no longer works with containerd %s; use containerd %s", version, v.Containerd, version.TestedWith().Containerd)
		}
	}
}

var hostForm = regexp.MustCompile(`^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]+)?$`)

func (c *checker) checkMirrors() {
	for _, host := range slices.Sorted(maps.Keys(c.Mirrors)) {
		p := at("mirrors", host)
		if !hostForm.MatchString(host) {
			c.Errorf(p, "%s is not a host; write one such as dl.k8s.io, without a scheme", yamlfile.Quote(host))
		}
		if _, ok := baseURL(c.Mirrors[host]); !ok {
			c.Errorf(p, "%s is not a base URL; write one such as https://mirror.example.com/k8s%s", yamlfile.Quote(c.Mirrors[host]), blankHint(c.Mirrors[host]))
		}
	}
}

// checkTrustedCAs reads the CAs that machines shall trust.
func (c *checker) checkTrustedCAs() {
	if c.TrustedCAFile != "" && c.local.Files != nil {
		c.resolved.trustedCAs = c.readAuthorities(at("trustedCAFile"), c.TrustedCAFile)
	}
}

// baseURL parses a URL that something can be put after.
func baseURL(text string) (*url.URL, bool) {
	u, err := url.Parse(text)
	return u, err == nil && !strings.ContainsFunc(text, isBlank) && u.Host != "" && (u.Scheme == "https" || u.Scheme == "http") && u.RawQuery == "" && u.Fragment == ""
}

// apiPath is the path of a registry's API below its host (OCI distribution specification).
var apiPath = regexp.MustCompile(`^/?$|/v2(/|$)`)

func (c *checker) checkRegistries() {
	for _, host := range slices.Sorted(maps.Keys(c.Registries)) {
		p, r := at("registries", host), c.Registries[host]
		if !hostForm.MatchString(host) && host != "_default" {
			c.Errorf(p, "%s is not the host of an image's name; write one such as docker.io, without a scheme, or \"_default\" for all others", yamlfile.Quote(host))
		}
		if r.CAFile != "" && c.local.Files != nil {
			r.authorities = c.readAuthorities(p.With("caFile"), r.CAFile)
			c.Registries[host] = r
		}
		if len(r.Mirrors) == 0 && r.CAFile == "" {
			c.Errorf(p, "has neither mirrors nor a caFile; add one or remove it")
		}
		for i, mirror := range r.Mirrors {
			switch u, ok := baseURL(mirror); {
			case !ok:
				c.Errorf(p.With("mirrors", i), "%s is not a base URL; write one such as https://mirror.example.com/v2/docker%s", yamlfile.Quote(mirror), blankHint(mirror))
			case !apiPath.MatchString(u.Path):
				c.Errorf(p.With("mirrors", i), "the path of a registry's API has a v2 in it, such as https://%s/v2%s", u.Host, strings.TrimSuffix(u.Path, "/"))
			}
		}
	}
}

// readAuthorities reads a file with the certificates of CAs.
func (c *checker) readAuthorities(p yamlfile.Path, name string) []byte {
	data, ok := c.readLocal(p, name)
	if !ok {
		return nil
	}
	found := 0
	for rest := data; ; {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			break
		}
		if _, err := x509.ParseCertificate(block.Bytes); block.Type == "CERTIFICATE" && err == nil {
			found++
		} else if block.Type == "CERTIFICATE" {
			c.Errorf(p, "%s has a damaged certificate: %v", yamlfile.Quote(name), err)
			return data
		}
	}
	switch {
	case strings.Contains(string(data), "PRIVATE KEY"):
		c.Errorf(p, "%s holds a private key, and every machine gets this file; leave only certificates in it", yamlfile.Quote(name))
	case found == 0:
		c.Errorf(p, "%s has no certificate in PEM", yamlfile.Quote(name))
	}
	return data
}
