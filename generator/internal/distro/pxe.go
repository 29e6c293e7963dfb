package distro

// PXE is how a machine of an operating system boots over the network. The texts are kernel arguments in iPXE's syntax: ${base-url} is
// where out/ is served, @NODE@ the node's name, @ROOTFS@ the URL of the root file system's image, and @DISK@ a disk.
type PXE struct {
	// Args boot it from memory, with its document.
	Args string
	// RootFS are more of Args where the root file system is an image of its own. Empty where there is no such thing.
	RootFS string
	// NeedsRootFS says that it does not boot without that.
	NeedsRootFS bool
	// Install are the arguments that install it on a disk, with its document. Empty where it has no installer that takes one.
	Install string
	// InstallNeedsRootFS says that the installer is in that image.
	InstallNeedsRootFS bool
	// Installer is the kind of document that the installer gets before the machine's own.
	Installer Installer
}

// Installer is what an installer has to be told.
type Installer int

// The kinds of installers.
const (
	// NoInstaller gets no document: its kernel arguments are all.
	NoInstaller Installer = iota
	// FlatcarInstall is a program of the system in memory, which a unit starts: install.ign.
	FlatcarInstall
	// Subiquity reads the user-data of autoinstall, with the machine's own inside.
	Subiquity
)

// nocloudArgs point cloud-init's NoCloud data source to the node's directory. Releases before 23.2 read no other form from the network.
const nocloudArgs = "ds=nocloud-net;s=${base-url}/nodes/@NODE@/"

var (
	ubuntuPXE = PXE{
		Args: nocloudArgs, RootFS: "root=squash:@ROOTFS@ ip=dhcp overlayroot=tmpfs",
		// The first cloud-config-url keeps cloud-init from taking url= for one.
		Install:            "ip=dhcp url=@ROOTFS@ autoinstall cloud-config-url=/dev/null ds=nocloud-net;s=${base-url}/nodes/@NODE@/install/",
		InstallNeedsRootFS: true, Installer: Subiquity,
	}
	debianPXE  = PXE{Args: nocloudArgs, RootFS: "boot=live fetch=@ROOTFS@"}
	flatcarPXE = PXE{
		Args:    "flatcar.first_boot=1 ignition.config.url=${base-url}/nodes/@NODE@/config.ign",
		Install: "flatcar.first_boot=1 ignition.config.url=${base-url}/nodes/@NODE@/install/config.ign", Installer: FlatcarInstall,
	}
	fedoraCoreOSPXE = PXE{
		Args:        "ignition.firstboot ignition.platform.id=metal ignition.config.url=${base-url}/nodes/@NODE@/config.ign",
		RootFS:      "coreos.live.rootfs_url=@ROOTFS@",
		NeedsRootFS: true, InstallNeedsRootFS: true,
		Install: "coreos.live.rootfs_url=@ROOTFS@ coreos.inst.install_dev=@DISK@ coreos.inst.ignition_url=${base-url}/nodes/@NODE@/config.ign",
	}
)
