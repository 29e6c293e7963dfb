package plan

import (
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"kindling/generator/internal/node"
	"kindling/generator/internal/plan/part"
	"kindling/generator/spec"
	"kindling/templates"
)

// proxy has the machine's downloads and its containerd use the cluster's proxy.
func proxy(m machine) part.Part {
	if !m.cluster.UsesProxy() {
		return part.Part{}
	}
	p := part.Part{Shell: []string{"boot/proxy.sh"}, Files: []node.File{m.proxyFile}}
	if m.Role != spec.LoadBalance {
		p.Units = []node.Unit{{Name: containerdService, DropIn: templates.Unit("containerd-proxy.conf")}}
	}
	return p
}

// newProxyFile has the variables of the proxy. They are in a file and not in units, which anyone on the machine may read.
func newProxyFile(c *spec.Cluster) (node.File, error) {
	http, https := c.Proxy.For("http"), c.Proxy.For("https")
	variables := env{}
	for name, value := range map[string]string{"http_proxy": address(http), "https_proxy": address(https), "no_proxy": strings.Join(noProxy(c), ",")} {
		if value != "" {
			variables[name], variables[strings.ToUpper(name)] = value, value // curl and apt read the one, others the other
		}
	}
	content, err := variables.bytes()
	file := node.Public(part.Etc+"/proxy.env", content)
	if hasUser(http) || hasUser(https) {
		file = node.Secret(file.Path, content)
	}
	return file, err
}

func address(u *url.URL) string {
	if u == nil {
		return ""
	}
	return u.String()
}

func hasUser(u *url.URL) bool { return u != nil && u.User != nil }

// noProxy is what the machines reach directly: each other, their pods and Services, and what the user names. Programs that do not know
// CIDRs, such as apt and curl before 7.86, also get the addresses of downloads that are in one.
func noProxy(c *spec.Cluster) []string {
	list := []string{"localhost", "127.0.0.1", "::1", c.EndpointHost(), ".svc", "." + c.Networking.DNSDomain}
	list = append(list, strings.Split(c.Networking.PodSubnet+","+c.Networking.ServiceSubnet, ",")...)
	if virtual := c.VirtualIP(); virtual.IsValid() {
		list = append(list, virtual.String())
	}
	list = append(list, machineRanges(c.Nodes)...)
	list = append(list, c.Proxy.NoProxy...)
	for _, host := range downloadHosts(c) {
		addr, err := netip.ParseAddr(host)
		if err == nil && slices.ContainsFunc(list, func(item string) bool {
			prefix, err := netip.ParsePrefix(item)
			return err == nil && prefix.Contains(addr)
		}) {
			list = append(list, host)
		}
	}
	seen := map[string]bool{}
	return slices.DeleteFunc(list, func(item string) bool {
		again := seen[item]
		seen[item] = true
		return again
	})
}

// machineRanges are exactly the machines' addresses, in as few ranges as there can be: thousands of them would not fit into a variable.
func machineRanges(nodes []spec.Node) []string {
	var ranges []netip.Prefix
	for _, n := range nodes {
		for _, a := range n.Addresses() {
			ranges = append(ranges, netip.PrefixFrom(a, a.BitLen()))
		}
	}
	slices.SortFunc(ranges, func(a, b netip.Prefix) int { return a.Addr().Compare(b.Addr()) })
	var merged []netip.Prefix
	for _, r := range ranges {
		// Two halves of a range follow each other.
		for len(merged) > 0 {
			last := merged[len(merged)-1]
			whole := netip.PrefixFrom(r.Addr(), r.Bits()-1).Masked()
			if last.Bits() != r.Bits() || last == r || !whole.Contains(last.Addr()) {
				break
			}
			merged, r = merged[:len(merged)-1], whole
		}
		merged = append(merged, r)
	}
	list := make([]string, len(merged))
	for i, r := range merged {
		list[i] = r.String()
		if r.IsSingleIP() {
			list[i] = r.Addr().String()
		}
	}
	return list
}

// downloadHosts are the hosts that the spec has machines download from.
func downloadHosts(c *spec.Cluster) []string {
	urls := []string{c.CNI.Manifest}
	for _, addon := range c.Addons {
		urls = append(urls, addon.Manifest)
	}
	for _, mirror := range c.Mirrors {
		urls = append(urls, mirror)
	}
	var hosts []string
	for _, text := range urls {
		if u, err := url.Parse(text); err == nil {
			hosts = append(hosts, u.Hostname())
		}
	}
	slices.Sort(hosts)
	return hosts
}
