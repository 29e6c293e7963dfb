package spec

import (
	"path"
	"regexp"
	"slices"
	"strings"

	"kindling/generator/internal/yamlfile"
)

const maxEtcdMembers = 7

func (c *checker) checkEtcd() {
	c.checkDataDir()
	if !c.rolesSound || !c.Sound("etcd", "topology") || !c.Sound("nodes") {
		return
	}
	members := c.EtcdMembers()
	for i, n := range c.Nodes {
		if n.Role == EtcdMember && !c.ExternalEtcd() {
			c.Errorf(at("nodes", i, "role"), "with etcd.topology stacked, etcd runs on the control planes; write `topology: external`, or give this node another role")
		}
	}
	if len(members) == 0 {
		if c.ExternalEtcd() {
			c.Errorf(at("etcd", "topology"), "external needs 3 or 5 nodes of role etcd; add them, or write stacked")
		}
		return
	}
	if slices.ContainsFunc(members, Node.Any) {
		return // checkAny reports it
	}
	c.checkMembers(members)
	c.checkBootstrapExpect(len(members))
}

func (c *checker) checkMembers(members []Node) {
	last := slices.IndexFunc(c.Nodes, func(n Node) bool { return n.Name == members[len(members)-1].Name })
	p, n := at("nodes", last, "role"), len(members)
	switch {
	case n > maxEtcdMembers:
		c.Errorf(p, "makes %d etcd members, and every write waits for a majority of them; use at most %d", n, maxEtcdMembers)
	case n%2 == 0:
		c.Errorf(p, "makes %d etcd members, which survive no more failures than %d would; use 1, 3, 5 or 7", n, n-1)
	}
}

func (c *checker) checkBootstrapExpect(members int) {
	p := at("etcd", "bootstrapExpect")
	if !c.Has(p) {
		return
	}
	switch majority := members/2 + 1; {
	case c.Etcd.BootstrapExpect < majority:
		c.Errorf(p, "%d of %d members is not a majority: two clusters could form; write %d, or leave it out to wait for all", c.Etcd.BootstrapExpect, members, members)
	case c.Etcd.BootstrapExpect > members:
		c.Errorf(p, "there are only %d members, never %d; write %d, or leave it out to wait for all", members, c.Etcd.BootstrapExpect, members)
	case c.Etcd.BootstrapExpect < members:
		c.Warnf(p, "with %d of %d members a second cluster can form: if the machines that have the data are silent while %[1]d others are blank, those form a new cluster without the data",
			c.Etcd.BootstrapExpect, members)
	}
}

var plainPath = regexp.MustCompile(`^[A-Za-z0-9._/-]+$`)

// Data in the first does not survive a reboot or belongs to something else. The second are not for etcd alone.
var (
	noDataBelow = []string{"/boot", "/dev", "/etc", "/proc", "/run", "/sys", "/tmp", "/usr", "/var/run", "/var/tmp", "/var/lib/kindling", "/var/lib/kubelet"}
	noDataIn    = []string{"/", "/home", "/media", "/mnt", "/opt", "/root", "/srv", "/var", "/var/lib", "/var/log"}
)

func (c *checker) checkDataDir() {
	p, dir := at("etcd", "dataDir"), c.Etcd.DataDir
	switch {
	case !plainPath.MatchString(dir) || dir[0] != '/' || path.Clean(dir) != dir:
		c.Errorf(p, "%s is not an absolute path of letters, digits, \"-\", \"_\" and \".\", such as /var/lib/etcd", yamlfile.Quote(dir))
	case slices.Contains(noDataIn, dir), slices.ContainsFunc(noDataBelow, func(top string) bool { return below(dir, top) }):
		c.Errorf(p, "%s is not a place for etcd's data; use a directory for it alone that survives a reboot, such as /var/lib/etcd", yamlfile.Quote(dir))
	}
}

// below reports whether a clean path is dir or inside dir.
func below(name, dir string) bool {
	return name == dir || strings.HasPrefix(name, strings.TrimSuffix(dir, "/")+"/")
}
