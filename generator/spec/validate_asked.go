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
}

// checkAsked refuses Services and pods as hosts that machines ask: there are none before the cluster is up, and only pods resolve their names.
func (c *checker) checkAsked(ranges ...addressRange) {
	for _, a := range c.asked() {
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
		{path: at("cni", "manifest"), host: hostOf(c.CNI.Manifest)},
		{path: at("secrets", "url"), host: hostOf(c.Secrets.URL)},
	}
	if _, err := netip.ParseAddr(c.resolved.endpointHost); err != nil {
		all = append(all, asked{path: at("controlPlaneEndpoint"), host: c.resolved.endpointHost})
	}
	if p := at("loadBalancer", "virtualIP"); c.Has(p) {
		all = append(all, asked{path: p, host: c.LoadBalancer.VirtualIP})
	}
	if c.PXE != nil {
		all = append(all, asked{path: at("pxe", "baseURL"), host: hostOf(c.PXE.BaseURL)})
	}
	for i, addon := range c.Addons {
		all = append(all, asked{path: at("addons", i, "manifest"), host: hostOf(addon.Manifest)})
	}
	for i, server := range c.TimeServers {
		all = append(all, asked{path: at("timeServers", i), host: server})
	}
	for _, name := range slices.Sorted(maps.Keys(c.Mirrors)) {
		all = append(all, asked{path: at("mirrors", name), host: hostOf(c.Mirrors[name])})
	}
	for _, name := range slices.Sorted(maps.Keys(c.Registries)) {
		for i, mirror := range c.Registries[name].Mirrors {
			all = append(all, asked{path: at("registries", name, "mirrors", i), host: hostOf(mirror), spare: true})
		}
	}
	all = append(all, nameservers(at("network"), c.Network)...)
	for i, n := range c.Nodes {
		all = append(all, asked{path: at("nodes", i, "secretURL"), host: hostOf(n.SecretURL)})
		all = append(all, nameservers(at("nodes", i, "network"), n.Network)...)
	}
	return all
}

// hostOf is the host in a URL, or empty.
func hostOf(text string) string {
	u, err := url.Parse(text)
	if err != nil {
		return ""
	}
	return strings.ToLower(u.Hostname())
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
