package generator

import (
	"fmt"
	"strings"

	"kindling/generator/internal/node"
	"kindling/generator/internal/staticpod"
	"kindling/generator/spec"
	"kindling/pki"
)

// summary collects what README.md says of the set. It has no secrets and no clock in it.
type summary struct {
	cluster  *spec.Cluster
	bundle   *pki.Bundle
	rows     strings.Builder
	warnings []string
	noReboot bool
	pxe      bool
}

func newSummary(g *Generator) *summary {
	return &summary{cluster: g.cluster, bundle: g.bundle}
}

func (s *summary) add(n node.Node, in spec.Node, size int) {
	fmt.Fprintf(&s.rows, "| %s | %s | %s | %s | %s | %d |\n", n.Name, n.Role, in.Address, n.OS.Name, n.OS.Format, size)
	if too := tooLargeFor(size); too != nil {
		s.warnings = append(s.warnings, fmt.Sprintf("%s has %d bytes, too many for %s.", n.Name, size, strings.Join(too, ", ")))
	}
	if len(n.OS.MaskUnits)+len(n.OS.Files) > 0 {
		s.noReboot = true
	}
	s.pxe = s.pxe || in.MAC != ""
}

func (s *summary) markdown() []byte {
	var b strings.Builder
	c := s.cluster
	fmt.Fprintf(&b, "# Cluster %s\n\nKubernetes %s at %s. Made by `kindling generate`; edit cluster.yaml, not these files.\n", c.Name, c.KubernetesVersion, c.ControlPlaneEndpoint)
	if c.ExternalEtcd() {
		b.WriteString("The documents of control planes hold the cluster's private keys, and those of etcd machines lead to all that is in etcd: whoever reads one owns the cluster.\n")
	} else {
		b.WriteString("The control planes' documents hold the cluster's private keys: whoever reads one owns the cluster.\n")
	}
	b.WriteString("\n## Machines\n\n| node | role | address | OS | format | bytes |\n| --- | --- | --- | --- | --- | ---: |\n")
	b.WriteString(s.rows.String())
	b.WriteString("\n## Sizes\n\n")
	for _, w := range s.warnings {
		b.WriteString("- **" + w + "**\n")
	}
	if s.warnings == nil {
		b.WriteString("Every document fits every provider below.\n")
	}
	b.WriteString("\n| provider | takes bytes |\n| --- | ---: |\n")
	for _, l := range limits {
		fmt.Fprintf(&b, "| %s | %d |\n", l.provider, l.bytes)
	}
	b.WriteString("\nEC2, Hetzner and Google count raw bytes. OpenStack and Oracle count base64; their limits are given here in raw bytes.\n")
	b.WriteString("PXE and NoCloud have no limit.\n")
	s.loadBalancer(&b)
	s.certificates(&b)
	s.bootOrder(&b)
	s.reboots(&b)
	return []byte(b.String())
}

// loadBalancer says what stands, or must stand, behind controlPlaneEndpoint.
func (s *summary) loadBalancer(b *strings.Builder) {
	c := s.cluster
	b.WriteString("\n## Load balancer\n\n")
	switch vip := c.LoadBalancer.VirtualIP; {
	case c.LoadBalancer.Provider == "external":
		fmt.Fprintf(b, "Yours at %s passes TCP on, without ending TLS, to port 6443 of the control planes whose `https://…:6443/readyz` answers 200. ", c.ControlPlaneEndpoint)
		b.WriteString("The control planes come up without it; workers and Services wait for it.\n")
	case c.BalancesOnControlPlanes():
		fmt.Fprintf(b, "HAProxy in a static pod on every control plane, port %d. ", c.LoadBalancer.Port)
		if vip == "" {
			fmt.Fprintf(b, "%s must lead to all of them.\n", c.ControlPlaneEndpoint)
			break
		}
		fmt.Fprintf(b, "With kube-vip one of them holds %s, by ARP or NDP, which must be free in their network. %s must lead there.\n", vip, c.ControlPlaneEndpoint)
	case c.LoadBalancer.Provider == "kube-vip":
		fmt.Fprintf(b, "kube-vip on the control planes: one of them holds %s, by ARP or NDP, which must be free in their network. %s must lead there.\n", vip, c.ControlPlaneEndpoint)
	case vip != "":
		fmt.Fprintf(b, "HAProxy on the machines of role load-balancer, of which one holds %s by VRRP (virtual router %d, unicast: IP protocol 112 between them). %s must lead there.\n",
			vip, c.LoadBalancer.VirtualRouterID, c.ControlPlaneEndpoint)
	default:
		fmt.Fprintf(b, "HAProxy on the machines of role load-balancer, port %d. %s must lead to them.\n", c.LoadBalancer.Port, c.ControlPlaneEndpoint)
	}
	var images []string
	if c.BalancesOnControlPlanes() {
		images = append(images, "`"+staticpod.HAProxyImage+"`")
	}
	if c.UsesKubeVIP() {
		images = append(images, "`"+staticpod.KubeVIPImage+"`")
	}
	if len(images) > 0 {
		fmt.Fprintf(b, "kubelet pulls %s, unless the control planes have the image.\n", strings.Join(images, " and "))
	}
}

// certificates lists the shared ones; of this cluster's nodes' own only the first to expire.
func (s *summary) certificates(b *strings.Builder) {
	b.WriteString("\n## Certificates\n\n| file | valid until |\n| --- | --- |\n")
	var first *pki.Certificate
	for _, cert := range s.bundle.Certificates() {
		if !strings.HasPrefix(cert.File, "nodes/") {
			fmt.Fprintf(b, "| %s | %s |\n", cert.File, cert.NotAfter.UTC().Format("2006-01-02"))
		} else if first == nil || cert.NotAfter.Before(first.NotAfter) {
			first = &cert
		}
	}
	if first != nil {
		fmt.Fprintf(b, "| %s, the first of the nodes' own | %s |\n", first.File, first.NotAfter.UTC().Format("2006-01-02"))
	}
	fmt.Fprintf(b, "\nA control plane's other certificates are signed there at its first boot, for %s. `kubeadm upgrade` and `kubeadm certs renew all` make them anew, and so does an empty disk.\n",
		s.cluster.PKI.CertificateValidityPeriod)
	withCertificate := 0
	for _, n := range s.cluster.Workers() {
		if !n.JoinsWithToken() {
			withCertificate++
		}
	}
	if withCertificate > 0 {
		b.WriteString("\nA worker's own certificate is for joining only: kubelet gets and renews another one from the cluster.\n")
	}
	if s.cluster.ExternalEtcd() {
		b.WriteString("\nNo machine renews the certificates for etcd (`etcd/server`, `etcd/peer` and `apiserver-etcd-client` below `nodes/`), since none has its CA's key. ")
		b.WriteString("Before they end, move them away, run `kindling pki init` and `kindling generate`, and boot the etcd machines and control planes with their new documents and empty disks, one at a time.\n")
	}
	if withCertificate == len(s.cluster.Workers()) {
		return
	}
	b.WriteString("\nWho reads the document of a worker that joins with the bootstrap token can join as any worker whose Node is not there yet, or not Ready.\n")
	if ttl := s.cluster.BootstrapToken.TTL; ttl.Std() > 0 {
		fmt.Fprintf(b, "The token ends %s after the first control plane is up; later workers wait until `kindling token | kubectl apply -f -` has made it anew.\n", ttl)
	}
}

// bootOrder draws who waits for whom. A large group of workers is one box.
func (s *summary) bootOrder(b *strings.Builder) {
	b.WriteString("\n## Boot order\n\nSwitch all machines on in any order; each waits for what it needs and says so on its console.\n\n```mermaid\n")
	b.WriteString(BootOrder(s.cluster))
	b.WriteString("```\n")
	if expect, all := s.cluster.Etcd.BootstrapExpect, len(s.cluster.EtcdMembers()); expect < all {
		fmt.Fprintf(b, "\n**etcd.bootstrapExpect is %d of %d: while a member is cut off, the others can form a second cluster beside the first, without its data.**\n", expect, all)
	}
	s.laterBoots(b)
	b.WriteString("\nAll documents must come from the same run: sets with different members of etcd do not know of each other.\n")
}

// laterBoots says what the documents may do once the cluster has formed.
func (s *summary) laterBoots(b *strings.Builder) {
	if s.cluster.Etcd.InitialClusterState == "existing" {
		b.WriteString("\n`etcd.initialClusterState` is `existing`: these documents start no new cluster. A machine without data joins the others, or waits for them; ")
		b.WriteString("if all disks are lost, etcd is to be restored from a snapshot.\n")
		return
	}
	b.WriteString("\nOnce the cluster has formed, set `etcd.initialClusterState` to `existing` and generate again. ")
	b.WriteString("While a disk holds the cluster, no document starts another one either way; with `existing` that is so also when all disks are lost.\n")
}

func (s *summary) reboots(b *strings.Builder) {
	b.WriteString("\n## Reboots\n\n")
	members := "control planes"
	if s.cluster.ExternalEtcd() {
		members = "etcd machines"
	}
	if s.noReboot {
		b.WriteString("The automatic reboots of Flatcar (locksmithd) and Fedora CoreOS (Zincati) are switched off: ")
		b.WriteString(members + " that reboot at the same time lose etcd's quorum. Updates are applied when you reboot a machine, one at a time.\n")
		return
	}
	b.WriteString("Reboot " + members + " one at a time: etcd needs more than half of them.\n")
}

// BootOrder is a mermaid flowchart (https://mermaid.js.org) of who waits for whom.
func BootOrder(c *spec.Cluster) string {
	var b strings.Builder
	b.WriteString("flowchart LR\n")
	members := c.EtcdMembers()
	for i, n := range members {
		fmt.Fprintf(&b, "  m%d[\"%s\"] --> etcd{{\"etcd: %d of %d\"}}\n", i, n.Name, c.Etcd.BootstrapExpect, len(members))
	}
	b.WriteString("  etcd --> api[\"API servers\"]\n")
	if c.ExternalEtcd() {
		for i, n := range c.ControlPlanes() {
			fmt.Fprintf(&b, "  cp%d[\"%s\"] --> api\n", i, n.Name)
		}
	}
	for i, n := range c.LoadBalancers() {
		fmt.Fprintf(&b, "  lb%d[\"%s\"] --> lb\n", i, n.Name)
	}
	b.WriteString("  api --> cluster[\"cluster-wide phases, once\"] --> lb([\"" + c.ControlPlaneEndpoint + "\"])\n")
	workers := c.Workers()
	for i, n := range workers {
		if i == 3 && len(workers) > 4 {
			fmt.Fprintf(&b, "  lb --> more[\"%d more workers\"]\n", len(workers)-i)
			break
		}
		label := n.Name
		if n.Any() {
			label += ": any number"
		}
		fmt.Fprintf(&b, "  lb --> w%d[\"%s\"]\n", i, label)
	}
	return b.String()
}
