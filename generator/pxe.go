package generator

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"path"
	"slices"
	"strings"

	"kindling/generator/internal/distro"
	"kindling/generator/internal/node"
	"kindling/generator/spec"
	"kindling/templates"
)

// networkBoot is what a machine with a MAC address boots over the network from, beside its documents.
func (g *Generator) networkBoot(n spec.Node, planned node.Node, documents []Artifact) ([]Artifact, error) {
	c := g.cluster
	more := []Artifact{{Path: "ipxe/" + strings.ReplaceAll(n.MAC, ":", "-") + ".ipxe", Node: n.Name, Data: ipxeScript(c, n)}}
	if c.ToDisk(n) {
		installer, err := g.installer(n, planned, documents)
		if err != nil {
			return nil, err
		}
		more = append(more, installer...)
	}
	for _, d := range slices.Concat(documents, more) {
		// cloud-init asks ten seconds for vendor-data that a web server does not have.
		if dir, name := path.Split(d.Path); name == "user-data" {
			more = append(more, Artifact{Path: dir + "vendor-data", Node: n.Name})
		}
	}
	return more, nil
}

// installer is what the program gets that puts the operating system on a disk.
func (g *Generator) installer(n spec.Node, planned node.Node, documents []Artifact) ([]Artifact, error) {
	dir := "nodes/" + n.Name + "/install/"
	switch planned.OS.PXE.Installer {
	case distro.FlatcarInstall:
		config, err := g.flatcarInstall(n, planned, documents)
		return []Artifact{{Path: dir + "config.ign", Node: n.Name, Data: config}}, err
	case distro.Subiquity:
		for _, d := range documents {
			if strings.HasSuffix(d.Path, "/user-data") {
				return []Artifact{
					{Path: dir + "user-data", Node: n.Name, Data: autoinstall(d.Data), Document: true, Secret: d.Secret},
					{Path: dir + "meta-data", Node: n.Name},
				}, nil
			}
		}
	}
	return nil, nil
}

// flatcarInstall is the Ignition config of a system in memory that writes Flatcar and the machine's document to a disk.
func (g *Generator) flatcarInstall(n spec.Node, planned node.Node, documents []Artifact) ([]byte, error) {
	const script = "/opt/kindling/install.sh"
	var command string
	for _, d := range documents {
		if d.Counted {
			command = fmt.Sprintf("/bin/bash %s %s %x %s", script, path.Base(d.Path), sha256.Sum256(d.Data), g.cluster.PXE.InstallDisk())
		}
	}
	return g.documents.Make(node.Node{
		Name: n.Name, OS: planned.OS, SSHAuthorizedKeys: planned.SSHAuthorizedKeys,
		Files: []node.File{{Path: script, Mode: 0o755, Content: []byte(templates.IPXE("flatcar-install.sh"))}},
		Units: []node.Unit{{Name: "kindling-install.service", Enabled: true, Content: strings.ReplaceAll(templates.Unit("kindling-install.service"), "@COMMAND@", command)}},
	}, Ignition, Text)
}

// autoinstall puts the machine's user-data into that of Ubuntu's installer, which takes them for the installed system's. A text inside
// another YAML text is the same as long as all of its lines are indented alike.
func autoinstall(userData []byte) []byte {
	var out bytes.Buffer
	out.WriteString("#cloud-config\nautoinstall:\n  version: 1\n  storage: {layout: {name: direct}}\n  user-data:\n")
	for line := range bytes.Lines(userData) {
		if len(bytes.TrimRight(line, "\n")) > 0 {
			out.WriteString("    ")
		}
		out.Write(line)
	}
	return out.Bytes()
}

// ipxeScript boots the node's machine. What cluster.yaml does not say are variables.
func ipxeScript(c *spec.Cluster, n spec.Node) []byte {
	base := "isset ${base-url} || set base-url http://boot.example.test/kindling"
	if c.PXE != nil {
		base = "set base-url " + c.PXE.Base()
	}
	kernel := "isset ${kernel} || set kernel ${base-url}/images/" + n.System().Name + "/vmlinuz"
	initrd := "isset ${initrd} || set initrd ${base-url}/images/" + n.System().Name + "/initrd"
	image, known := pxeImage(c, n)
	if known {
		kernel, initrd = "set kernel "+c.PXE.URL(image.Kernel), "set initrd "+c.PXE.URL(image.Initrd)
	}
	return []byte(strings.NewReplacer("@BASE@", base, "@KERNEL@", kernel, "@INITRD@", initrd, "@ARGS@", kernelArgs(c, n, image), "@NODE@", n.Name).
		Replace(templates.IPXE("node.ipxe")))
}

// pxeImage is what cluster.yaml says about the node's operating system, if it does.
func pxeImage(c *spec.Cluster, n spec.Node) (spec.PXEImage, bool) {
	if c.PXE == nil {
		return spec.PXEImage{}, false
	}
	image, known := c.PXE.Images[n.System().Name]
	return image, known
}

// kernelArgs bring the node's machine to its document, in iPXE's syntax.
func kernelArgs(c *spec.Cluster, n spec.Node, image spec.PXEImage) string {
	args := n.System().PXE.Args
	var rootfs, disk string
	if c.PXE != nil {
		disk = c.PXE.InstallDisk()
	}
	if image.RootFS != "" {
		rootfs = c.PXE.URL(image.RootFS)
		args = n.System().PXE.RootFS + " " + args
	}
	if c.ToDisk(n) {
		args = n.System().PXE.Install
	}
	return strings.NewReplacer("@NODE@", n.Name, "@ROOTFS@", rootfs, "@DISK@", disk).Replace(args)
}
