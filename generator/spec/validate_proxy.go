package spec

import (
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"kindling/generator/internal/yamlfile"
)

func (c *checker) checkProxy() {
	p := at("proxy")
	for name, text := range map[string]string{"http": c.Proxy.HTTP, "https": c.Proxy.HTTPS} {
		if _, fault := parseProxy(text); text != "" && fault != "" {
			c.Errorf(p.With(name), "%s", fault)
		}
	}
	if c.Has(p) && !c.Has(p.With("http")) && !c.Has(p.With("https")) {
		c.Errorf(p, "has neither http nor https; add the URL of the proxy, such as `https: http://proxy.example.com:3128`, or remove it")
	}
	for i, host := range c.Proxy.NoProxy {
		if fault := noProxyFault(host); fault != "" {
			c.Errorf(p.With("noProxy", i), "%s %s", yamlfile.Quote(host), fault)
		}
	}
	for i, arg := range c.ExtraArgs.APIServer {
		if arg.Name == "oidc-issuer-url" {
			c.checkIssuer(at("extraArgs", "apiServer", i, "value"), arg.Value)
		}
	}
}

// checkIssuer warns of an issuer that the API server asks without the proxy, which no pod is told about.
func (c *checker) checkIssuer(p yamlfile.Path, issuer string) {
	u, err := url.Parse(issuer)
	if err != nil || !c.UsesProxy() || c.Patches.Directory != "" || slices.ContainsFunc(c.Proxy.NoProxy, func(entry string) bool { return isExcepted(u.Hostname(), entry) }) {
		return
	}
	c.Warnf(p, "the API server asks %s directly: add that to proxy.noProxy or, if only the proxy leads there, give kube-apiserver the proxy's variables by a patch", yamlfile.Quote(u.Hostname()))
}

// isExcepted reports whether an entry of noProxy is for a host.
func isExcepted(host, entry string) bool {
	if prefix, err := netip.ParsePrefix(entry); err == nil {
		addr, err := netip.ParseAddr(host)
		return err == nil && prefix.Contains(addr)
	}
	return host == entry || strings.HasPrefix(entry, ".") && strings.HasSuffix(host, entry)
}

const proxyExample = ", such as http://proxy.example.com:3128"

// proxyPorts are those of a URL without one. It is written down, since curl would take port 1080.
var proxyPorts = map[string]string{"http": "80", "https": "443"}

// parseProxy reads the URL of a proxy, or says what is wrong with it. It never repeats the URL, which may have a password.
func parseProxy(text string) (*url.URL, string) {
	scheme, _, found := strings.Cut(text, "://")
	if !found {
		return nil, "has no scheme; begin it with http:// or https://" + proxyExample
	}
	if proxyPorts[strings.ToLower(scheme)] == "" {
		return nil, "must begin with http:// or https://: package managers know no other kind of proxy"
	}
	u, err := url.Parse(text)
	switch {
	case err != nil && strings.Contains(text, "@"):
		return nil, "is not a URL; in its user name and password write special characters in percent-encoding, such as %40 for @"
	case err != nil:
		return nil, "is not a URL" + proxyExample
	case strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.ForceQuery || u.Fragment != "":
		return nil, "has more than a host and a port; leave out what follows them" + proxyExample
	case u.Port() != "" && portNumber(u.Port()) == 0:
		return nil, "has no port between 1 and 65535"
	}
	host := strings.ToLower(u.Hostname())
	if fault := hostFault(host); fault != "" && host != "127.0.0.1" && host != "::1" {
		return nil, "has the host " + yamlfile.Quote(host) + ", which " + fault
	}
	if u.Port() == "" {
		u.Host += ":" + proxyPorts[u.Scheme]
	}
	u.Path = ""
	return u, ""
}

// noProxyFault says why programs would read an entry of noProxy differently, or "".
func noProxyFault(s string) string {
	bare, isDomain := strings.CutPrefix(s, ".")
	switch prefix, err := netip.ParsePrefix(s); {
	case err == nil && prefix != prefix.Masked():
		return "has host bits set (did you mean \"" + prefix.Masked().String() + "\"?)"
	case err == nil:
		return ""
	case s == "*":
		return "stands for all hosts; remove proxy instead"
	case strings.HasPrefix(s, "*."):
		return "has a \"*\", which not all programs know (did you mean \"" + s[1:] + "\"?)"
	case strings.ContainsAny(s, ", "):
		return "has several hosts; write each as its own list item"
	case strings.Contains(s, "/"):
		return "is neither a host nor a CIDR; write a host without a scheme or a path"
	case isDomain:
		if fault := subdomainFault(bare); fault != "" {
			return "is not a domain: after its dot it " + fault
		}
		return ""
	}
	if host, port, found := strings.Cut(s, ":"); found && portNumber(port) != 0 {
		return "has a port; write the host alone (did you mean \"" + host + "\"?)"
	}
	if addr, err := netip.ParseAddr(s); err == nil && addr.IsLoopback() {
		return ""
	}
	return hostFault(s)
}
