package spec

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	"kindling/generator/internal/distro"
	"kindling/generator/internal/yamlfile"
)

// checkPXE checks how machines boot over the network.
func (c *checker) checkPXE() {
	if c.PXE == nil {
		return
	}
	if _, ok := baseURL(c.PXE.BaseURL); !ok || !forIPXE.MatchString(c.PXE.BaseURL) {
		c.Errorf(at("pxe", "baseURL"), "%s is not a base URL; write one such as http://10.0.0.1:8080", yamlfile.Quote(c.PXE.BaseURL))
	}
	if disk := at("pxe", "disk"); c.Has(disk) && c.PXE.Install == "" {
		c.Errorf(disk, "nothing is installed; add `install: disk`, or remove it")
	} else if c.Has(disk) && !device.MatchString(c.PXE.Disk) {
		c.Errorf(disk, "%s is not the path of a disk, such as /dev/nvme0n1", yamlfile.Quote(c.PXE.Disk))
	}
	for _, name := range slices.Sorted(maps.Keys(c.PXE.Images)) {
		c.checkImage(at("pxe", "images", name), name, c.PXE.Images[name])
	}
	c.checkNetworkBoots()
}

var (
	// forIPXE has the characters of URLs without those that iPXE, a kernel's command line or a shell reads.
	forIPXE = regexp.MustCompile(`^[A-Za-z0-9._~:/?@!()*+,=%\[\]-]+$`)
	device  = regexp.MustCompile(`^/dev/[A-Za-z0-9._/:-]+$`)
)

func (c *checker) checkImage(p yamlfile.Path, name string, image PXEImage) {
	system, ok := distro.Lookup(name)
	if !ok {
		c.Errorf(p, "unknown operating system %s; one of %s%s", yamlfile.Quote(name), strings.Join(distro.Names(), ", "), yamlfile.DidYouMean(name, distro.Names()))
		return
	}
	for _, field := range []struct{ key, value string }{{"kernel", image.Kernel}, {"initrd", image.Initrd}, {"rootfs", image.RootFS}} {
		if where := p.With(field.key); c.Has(where) && !forIPXE.MatchString(field.value) {
			c.Errorf(where, "%s is neither a URL nor a path below baseURL that iPXE reads as one word", yamlfile.Quote(field.value))
		}
	}
	boots := system.PXE
	onDisk := c.PXE.Install == "disk" && boots.Install != ""
	switch {
	case image.RootFS != "" && boots.RootFS == "" && !(onDisk && boots.InstallNeedsRootFS):
		c.Errorf(p.With("rootfs"), "%s has no root file system of its own, or no way to name one to its kernel; remove it", name)
	case image.RootFS == "" && onDisk && boots.InstallNeedsRootFS:
		c.Errorf(p, "%s is not installed without a rootfs; add it", name)
	case image.RootFS == "" && !onDisk && boots.NeedsRootFS:
		c.Errorf(p, "%s does not boot without a rootfs; add it", name)
	}
}

// checkNetworkBoots finds machines that boot otherwise than the section says.
func (c *checker) checkNetworkBoots() {
	anyMAC := false
	told := map[string]bool{}
	for i, n := range c.Nodes {
		if n.MAC == "" {
			continue
		}
		anyMAC = true
		name := n.System().Name
		if _, ok := c.PXE.Images[name]; !ok && !told[name] && name != "" {
			c.Warnf(at("nodes", i), "pxe.images has no %s; its script looks for ${base-url}/images/%s/vmlinuz and initrd", name, name)
		} else if c.PXE.Install == "disk" && !c.ToDisk(n) && !told[name] && name != "" {
			c.Warnf(at("nodes", i), "%s has no installer that takes the machine's document; it boots into its memory each time", name)
		}
		told[name] = true
	}
	if !anyMAC {
		c.Warnf(at("pxe"), "no node has a mac, by which its script would find it")
	}
}
