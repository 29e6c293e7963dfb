// Package distro describes the operating systems, one value each. Everything that depends on the operating system is a field
// here; no other package compares OS names.
package distro

import "slices"

// Format is the form of a node's document.
type Format string

// The document formats.
const (
	CloudInit Format = "cloud-init"
	Ignition  Format = "ignition"
	Butane    Format = "butane"
)

// OS is what kindling needs to know about an operating system.
type OS struct {
	// Name in cluster.yaml.
	Name string
	// Format of its documents.
	Format Format
	// ButaneVariant and ButaneVersion choose the Ignition spec: the oldest one that has everything the documents need. An
	// image reads older specs, but no newer ones.
	ButaneVariant, ButaneVersion string
	// User is the image's default user, who gets sshAuthorizedKeys.
	User string
	// ReadOnlyUsr is set if /usr is read-only.
	ReadOnlyUsr bool
	// Bin is the directory for programs that no package brings.
	Bin string
	// Manager of packages: apt, dnf or zypper. It is empty where /usr is read-only.
	Manager string
	// PackageOf names the package that brings a program which a stock image may lack.
	PackageOf map[string]string
	// ExtraModules is the package with kernel modules that a stock image may lack; -RELEASE of a kernel after it is the one for that.
	ExtraModules string
	// Sysext is set if there are system extensions for it that have Kubernetes and need nothing else.
	Sysext bool
	// Containerd is the package of containerd and runc. It is empty where the distribution has none.
	Containerd string
	// TimeServers are the configuration files of the NTP clients that its images have, one or the other.
	TimeServers func(servers []string) []File
	// NetworkFile returns the static network configuration that Ignition writes. cloud-init reads it from a separate
	// document.
	NetworkFile func(Network) File
	// TrustedCA is the path of a file with the certificate of a CA that it shall trust, with %d for a number: of two certificates in
	// one file, some systems take none. Trust is the program that has it read them.
	TrustedCA, Trust string
	// MaskUnits and Files turn off the OS's automatic reboots: control planes that reboot at the same time lose quorum.
	MaskUnits []string
	Files     []File
	// PXE is how a machine boots over the network.
	PXE PXE
}

// File is a file that an operating system needs.
type File struct {
	Path    string
	Mode    int
	Content string
}

var all = []OS{
	{Name: "ubuntu", Format: CloudInit, ButaneVariant: "fcos", ButaneVersion: "1.4.0", User: "ubuntu", Bin: localBin, Manager: "apt", PackageOf: debianPackages, Containerd: "containerd", TimeServers: timesyncdOrChrony, TrustedCA: debianCA, Trust: "update-ca-certificates", PXE: ubuntuPXE},
	{Name: "debian", Format: CloudInit, ButaneVariant: "fcos", ButaneVersion: "1.4.0", User: "debian", Bin: localBin, Manager: "apt", PackageOf: debianPackages, Containerd: "containerd", TimeServers: timesyncdOrChrony, TrustedCA: debianCA, Trust: "update-ca-certificates", PXE: debianPXE},
	{Name: "rocky", Format: CloudInit, ButaneVariant: "fcos", ButaneVersion: "1.4.0", User: "rocky", Bin: localBin, Manager: "dnf", PackageOf: redHatPackages, ExtraModules: "kernel-modules-extra", TimeServers: chrony, TrustedCA: redHatCA, Trust: "update-ca-trust", PXE: PXE{Args: nocloudArgs}},
	{Name: "alma", Format: CloudInit, ButaneVariant: "fcos", ButaneVersion: "1.4.0", User: "almalinux", Bin: localBin, Manager: "dnf", PackageOf: redHatPackages, ExtraModules: "kernel-modules-extra", TimeServers: chrony, TrustedCA: redHatCA, Trust: "update-ca-trust", PXE: PXE{Args: nocloudArgs}},
	{Name: "opensuse", Format: CloudInit, ButaneVariant: "fcos", ButaneVersion: "1.4.0", User: "opensuse", Bin: localBin, Manager: "zypper", PackageOf: susePackages, Containerd: "containerd", TimeServers: chrony, TrustedCA: "/etc/pki/trust/anchors/kindling-%d.pem", Trust: "update-ca-certificates", PXE: PXE{Args: nocloudArgs}},
	{
		Name: "flatcar", Format: Ignition, ButaneVariant: "flatcar", ButaneVersion: "1.0.0", User: "core", ReadOnlyUsr: true, Bin: "/opt/bin", Sysext: true,
		TimeServers: timesyncd, NetworkFile: networkd, TrustedCA: "/etc/ssl/certs/kindling-%d.pem", Trust: "update-ca-certificates",
		MaskUnits: []string{"locksmithd.service"},
		PXE:       flatcarPXE,
	},
	{
		Name: "fedora-coreos", Format: Ignition, ButaneVariant: "fcos", ButaneVersion: "1.4.0", User: "core", ReadOnlyUsr: true, Bin: localBin, // a link into /var
		TimeServers: chrony, NetworkFile: networkManager, TrustedCA: redHatCA, Trust: "update-ca-trust",
		Files: []File{{"/etc/zincati/config.d/90-kindling.toml", 0o644, "[updates]\nenabled = false\n"}},
		PXE:   fedoraCoreOSPXE,
	},
}

// localBin is in the PATH of systemd's units.
const localBin = "/usr/local/bin"

// Where Debian's family and Red Hat's look for CAs.
const (
	debianCA = "/usr/local/share/ca-certificates/kindling-%d.crt"
	redHatCA = "/etc/pki/ca-trust/source/anchors/kindling-%d.pem"
)

// Names returns the operating systems' names, as in cluster.yaml.
func Names() []string {
	names := make([]string, len(all))
	for i, system := range all {
		names[i] = system.Name
	}
	return names
}

// Lookup finds an operating system by its name in cluster.yaml.
func Lookup(name string) (OS, bool) {
	i := slices.IndexFunc(all, func(system OS) bool { return system.Name == name })
	if i < 0 {
		return OS{}, false
	}
	return all[i], true
}
