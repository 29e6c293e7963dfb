package spec

import (
	"maps"
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"kindling/generator/internal/yamlfile"
)

// asked is a host that machines ask while they boot.
type asked struct {
	path yamlfile.Path
	host string
	// spare says that machines go on without an answer.
	spare bool
	// password says that the URL has one, and is not kept like a secret.
	password bool
}

// checkAsked refuses Services and pods as hosts that machines ask: there are none before the cluster is up, and only pods resolve their names.
// It also refuses passwords in the URLs of such hosts.
func (c *checker) checkAsked(ranges ...addressRange) {
	for _, a := range c.asked() {
		if a.password {
			c.Errorf(a.path, "has a user name, a password or a token, which documents, kindling.lock and redacted files show to everyone; write the URL without")
		}
		if addr, err := netip.ParseAddr(a.host); err == nil {
			for _, r := range ranges {
				for _, prefix := range r.prefixes {
					if prefix.Contains(addr) && !a.spare {
						c.Errorf(a.path, "%s is inside %s (%s): machines ask it while they boot, before there are pods and Services", addr, r.path, prefix)
					}
				}
			}
			continue
		}
		if host := strings.TrimSuffix(a.host, "."+c.Networking.DNSDomain); strings.HasSuffix(host, ".svc") {
			c.Errorf(a.path, "%s is the name of a Service, which only pods resolve; write one that machines resolve as well", yamlfile.Quote(a.host))
		}
	}
}

// asked are these hosts, but for an address in controlPlaneEndpoint. Where a field has none, the host is empty.
func (c *checker) asked() []asked {
	all := []asked{
		{path: at("proxy", "http"), host: hostOf(c.Proxy.HTTP)},
		{path: at("proxy", "https"), host: hostOf(c.Proxy.HTTPS)},
		{path: at("imageRepository"), host: hostOf("https://" + c.ImageRepository)},
		fromURL(at("cni", "manifest"), c.CNI.Manifest),
		fromURL(at("secrets", "url"), c.Secrets.URL),
	}
	if _, err := netip.ParseAddr(c.resolved.endpointHost); err != nil {
		all = append(all, asked{path: at("controlPlaneEndpoint"), host: c.resolved.endpointHost})
	}
	if p := at("loadBalancer", "virtualIP"); c.Has(p) {
		all = append(all, asked{path: p, host: c.LoadBalancer.VirtualIP})
	}
	if c.PXE != nil {
		all = append(all, fromURL(at("pxe", "baseURL"), c.PXE.BaseURL))
	}
	for i, addon := range c.Addons {
		all = append(all, fromURL(at("addons", i, "manifest"), addon.Manifest))
	}
	for i, server := range c.TimeServers {
		all = append(all, asked{path: at("timeServers", i), host: server})
	}
	for _, name := range slices.Sorted(maps.Keys(c.Mirrors)) {
		all = append(all, fromURL(at("mirrors", name), c.Mirrors[name]))
	}
	for _, name := range slices.Sorted(maps.Keys(c.Registries)) {
		for i, mirror := range c.Registries[name].Mirrors {
			a := fromURL(at("registries", name, "mirrors", i), mirror)
			a.spare = true
			all = append(all, a)
		}
	}
	all = append(all, nameservers(at("network"), c.Network)...)
	for i, n := range c.Nodes {
		if n.SecretURL != "" {
			all = append(all, asked{path: at("nodes", i, "secretURL"), host: hostOf(n.SecretURL)})
		}
		all = append(all, nameservers(at("nodes", i, "network"), n.Network)...)
	}
	return all
}

// hostOf is the host in a URL, or empty.
func hostOf(text string) string { return fromURL(nil, text).host }

func fromURL(p yamlfile.Path, text string) asked {
	u, err := url.Parse(text)
	if err != nil {
		return asked{path: p}
	}
	return asked{path: p, host: strings.ToLower(u.Hostname()), password: u.User != nil || yamlfile.LooksSecret("?"+u.RawQuery)}
}

func nameservers(p yamlfile.Path, network *Network) []asked {
	var all []asked
	if network != nil {
		for i, server := range network.Nameservers {
			all = append(all, asked{path: p.With("nameservers", i), host: server})
		}
	}
	return all
}
