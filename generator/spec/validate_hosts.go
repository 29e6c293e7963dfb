package spec

import (
	"maps"
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"kindling/generator/internal/yamlfile"
)

// remoteHost is a host that machines ask while they boot.
type remoteHost struct {
	path yamlfile.Path
	name string // or an address; empty where the field has none
	// spare says that machines go on without an answer.
	spare bool
	// password says that the URL has one, and is not kept like a secret.
	password bool
}

// checkHosts refuses Services and pods as hosts that machines ask: there are none before the cluster is up, and only pods resolve their names.
// It also refuses passwords in the URLs of such hosts.
func (c *checker) checkHosts(ranges ...addressRange) {
	for _, h := range c.hosts() {
		if h.password {
			c.Errorf(h.path, "has a user name, a password or a token, which documents, kindling.lock and redacted files show to everyone; write the URL without")
		}
		if addr, err := netip.ParseAddr(h.name); err == nil {
			for _, r := range ranges {
				for _, prefix := range r.prefixes {
					if prefix.Contains(addr) && !h.spare {
						c.Errorf(h.path, "%s is inside %s (%s), but machines ask it while they boot, before there are pods and Services; choose one outside", addr, r.path, prefix)
					}
				}
			}
			continue
		}
		if name := strings.TrimSuffix(h.name, "."+c.Networking.DNSDomain); strings.HasSuffix(name, ".svc") {
			c.Errorf(h.path, "%s is the name of a Service, which only pods resolve; write one that machines resolve as well", yamlfile.Quote(h.name))
		}
	}
}

// hosts are those that cluster.yaml names, but for an address in controlPlaneEndpoint, which [checker.checkNoMachineIn] looks at.
func (c *checker) hosts() []remoteHost {
	all := []remoteHost{
		{path: at("proxy", "http"), name: hostOf(c.Proxy.HTTP)},
		{path: at("proxy", "https"), name: hostOf(c.Proxy.HTTPS)},
		{path: at("imageRepository"), name: hostOf("https://" + c.ImageRepository)},
		fromURL(at("cni", "manifest"), c.CNI.Manifest),
		fromURL(at("secrets", "url"), c.Secrets.URL),
	}
	if _, err := netip.ParseAddr(c.resolved.endpointHost); err != nil {
		all = append(all, remoteHost{path: at("controlPlaneEndpoint"), name: c.resolved.endpointHost})
	}
	if p := at("loadBalancer", "virtualIP"); c.Has(p) {
		all = append(all, remoteHost{path: p, name: c.LoadBalancer.VirtualIP})
	}
	if c.PXE != nil {
		all = append(all, fromURL(at("pxe", "baseURL"), c.PXE.BaseURL))
	}
	for i, addon := range c.Addons {
		all = append(all, fromURL(at("addons", i, "manifest"), addon.Manifest))
	}
	for i, server := range c.TimeServers {
		all = append(all, remoteHost{path: at("timeServers", i), name: server})
	}
	for _, name := range slices.Sorted(maps.Keys(c.Mirrors)) {
		all = append(all, fromURL(at("mirrors", name), c.Mirrors[name]))
	}
	for _, name := range slices.Sorted(maps.Keys(c.Registries)) {
		for i, mirror := range c.Registries[name].Mirrors {
			h := fromURL(at("registries", name, "mirrors", i), mirror)
			h.spare = true
			all = append(all, h)
		}
	}
	all = append(all, nameservers(at("network"), c.Network)...)
	for i, n := range c.Nodes {
		if n.SecretURL != "" {
			all = append(all, remoteHost{path: at("nodes", i, "secretURL"), name: hostOf(n.SecretURL)})
		}
		all = append(all, nameservers(at("nodes", i, "network"), n.Network)...)
	}
	return all
}

// hostOf is the host in a URL, or empty.
func hostOf(text string) string { return fromURL(nil, text).name }

func fromURL(p yamlfile.Path, text string) remoteHost {
	u, err := url.Parse(text)
	if err != nil {
		return remoteHost{path: p}
	}
	return remoteHost{path: p, name: strings.ToLower(u.Hostname()), password: u.User != nil || yamlfile.LooksSecret("?"+u.RawQuery)}
}

func nameservers(p yamlfile.Path, network *Network) []remoteHost {
	var all []remoteHost
	if network != nil {
		for i, server := range network.Nameservers {
			all = append(all, remoteHost{path: p.With("nameservers", i), name: server})
		}
	}
	return all
}
