package spec

import (
	"cmp"
	"strings"
)

// ToDisk reports whether a node's machine installs itself on a disk when it boots over the network.
func (c *Cluster) ToDisk(n Node) bool {
	return c.PXE != nil && c.PXE.Install == "disk" && n.System().PXE.Install != ""
}

// Base is the URL that paths are put after, without a slash at its end.
func (p *PXE) Base() string { return strings.TrimSuffix(p.BaseURL, "/") }

// InstallDisk is the disk that machines are installed on.
func (p *PXE) InstallDisk() string { return cmp.Or(p.Disk, "/dev/sda") }

// URL is where an image is.
func (p *PXE) URL(image string) string {
	if strings.Contains(image, "://") {
		return image
	}
	return "${base-url}/" + strings.TrimPrefix(image, "/")
}
