package spec

import (
	"slices"
	"strings"

	"kindling/generator/internal/distro"
	"kindling/generator/internal/networkconfig"
	"kindling/generator/internal/yamlfile"
)

// checkNetworkConfig reads the networkConfig at a place, beside the network there, for these nodes.
func (c *checker) checkNetworkConfig(place yamlfile.Path, data *[]byte, network *Network, name string, nodes []int) {
	p := place.With("networkConfig")
	if !c.Has(p) || !c.Sound(p...) {
		return
	}
	reads := func(i int) bool { return c.Nodes[i].System().Format == distro.CloudInit && !c.Nodes[i].Any() }
	readers := slices.DeleteFunc(slices.Clone(nodes), func(i int) bool { return !reads(i) })
	switch {
	case network != nil:
		c.Errorf(p, "there is a network as well; keep one of them")
	case strings.TrimSpace(name) == "":
		c.Errorf(p, "is empty; name a local file, or remove it")
	case len(readers) == 0 && len(nodes) > 0 && c.Nodes[nodes[0]].Any():
		c.Errorf(p, "a node with `count: any` gets user-data alone; remove it")
	case len(readers) == 0 && len(nodes) > 0:
		c.Errorf(p, "%s reads no network-config; write a snippet of Butane instead", c.Nodes[nodes[0]].System().Name)
	case c.local.Files != nil:
		text, ok := c.readLocal(p, name)
		if !ok {
			return
		}
		config, err := networkconfig.Read(text)
		if err != nil {
			c.Errorf(p, "%s %v", yamlfile.Quote(name), err)
			return
		}
		*data = text
		c.checkAddresses(p, name, config, readers)
	}
}

// checkAddresses finds machines that would wait for their addresses for ever.
func (c *checker) checkAddresses(p yamlfile.Path, name string, config networkconfig.Config, nodes []int) {
	if config.DHCP() {
		return
	}
	for _, i := range nodes {
		for _, address := range c.Nodes[i].Addresses() {
			if !config.Has(address) {
				c.Errorf(p, "%s has neither %s, the address of %s, nor DHCP; the machine would wait for its address for ever", yamlfile.Quote(name), address, c.Nodes[i].Name)
			}
		}
	}
}
