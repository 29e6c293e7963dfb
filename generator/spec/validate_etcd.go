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
			c.Errorf(at("nodes", i, "role"), "etcd runs on the control planes with etcd.topology stacked; write `topology: external`, or give the node another role")
		}
	}
	if len(members) == 0 {
		if c.ExternalEtcd() {
			c.Errorf(at("etcd", "topology"), "external needs nodes of role etcd, 3 or 5; add them, or write stacked")
		}
		return
	}
	if slices.ContainsFunc(members, Node.Any) {
		return // checkAny tells
	}
	c.checkMembers(members)
	c.checkBootstrapExpect(len(members))
}

func (c *checker) checkMembers(members []Node) {
	last := slices.IndexFunc(c.Nodes, func(n Node) bool { return n.Name == members[len(members)-1].Name })
	p, n := at("nodes", last, "role"), len(members)
	switch {
	case n > maxEtcdMembers:
		c.Errorf(p, "makes %d etcd members, and each write waits for most of them; use at most %d", n, maxEtcdMembers)
	case n%2 == 0:
		c.Errorf(p, "makes %d etcd members: an even number survives the loss of no more machines than one fewer would; use 1, 3, 5 or 7", n)
	}
}

func (c *checker) checkBootstrapExpect(members int) {
	p := at("etcd", "bootstrapExpect")
	if !c.Has(p) {
		return
	}
	switch majority := members/2 + 1; {
	case c.Etcd.BootstrapExpect < majority:
		c.Errorf(p, "%d of %d members is no majority: two clusters could form; use %d, or leave it out for the default of all", c.Etcd.BootstrapExpect, members, members)
	case c.Etcd.BootstrapExpect > members:
		c.Errorf(p, "%d members can never be seen, since there are %d; use %d, or leave it out for the default of all", c.Etcd.BootstrapExpect, members, members)
	case c.Etcd.BootstrapExpect < members:
		c.Warnf(p, "%d of %d members gives up the certainty that no second cluster can form: if the machines that hold the data are silent while %d others are blank, these start anew and the data is lost to them",
			c.Etcd.BootstrapExpect, members, c.Etcd.BootstrapExpect)
	}
}

var plainPath = regexp.MustCompile(`^[A-Za-z0-9._/-]+$`)

// Below the first, data does not outlive a reboot or is not the machine's; the second are too high up to belong to etcd.
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
		c.Errorf(p, "%s is no place for etcd's data, which need a directory of their own that outlives a reboot, such as /var/lib/etcd", yamlfile.Quote(dir))
	}
}

// below tells whether a clean path is dir or in it.
func below(name, dir string) bool {
	return name == dir || strings.HasPrefix(name, strings.TrimSuffix(dir, "/")+"/")
}
