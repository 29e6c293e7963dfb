// Package distro knows operating systems: one data value each. Everything that depends on an operating system is a field
// here, so that no other package compares OS names.
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

// OS is what kindling needs to know of an operating system.
type OS struct {
	// Name in cluster.yaml.
	Name string
	// Format of its documents.
	Format Format
	// ButaneVariant and ButaneVersion choose the Ignition spec: the oldest that has what the documents need, since an image
	// reads every older one and no newer one.
	ButaneVariant, ButaneVersion string
	// User is the image's default user, who gets sshAuthorizedKeys.
	User string
	// ReadOnlyUsr says that programs live in /opt/bin and that nothing may write below /usr.
	ReadOnlyUsr bool
	// TimeServersPath and TimeServersFile configure the image's NTP client: its file and the function that fills it.
	TimeServersPath string
	TimeServersFile func(servers []string) string
	// NetworkFile is the static network configuration where Ignition writes it; cloud-init has a document of its own for it.
	NetworkFile func(Network) File
	// MaskUnits and Files switch off the OS's own automatic reboots: control planes that reboot at once lose quorum.
	MaskUnits []string
	Files     []File
	// KernelArgs hand a PXE-booted machine its document, as iPXE writes them: ${base-url} is where out/ is served, @NODE@ the
	// node's name.
	KernelArgs string
}

// File is a file that an operating system needs.
type File struct {
	Path    string
	Mode    int
	Content string
}

var all = []OS{
	{Name: "ubuntu", Format: CloudInit, ButaneVariant: "fcos", ButaneVersion: "1.4.0", User: "ubuntu", TimeServersPath: timesyncdPath, TimeServersFile: timesyncd, KernelArgs: nocloudArgs},
	{Name: "debian", Format: CloudInit, ButaneVariant: "fcos", ButaneVersion: "1.4.0", User: "debian", TimeServersPath: timesyncdPath, TimeServersFile: timesyncd, KernelArgs: nocloudArgs},
	{Name: "rocky", Format: CloudInit, ButaneVariant: "fcos", ButaneVersion: "1.4.0", User: "rocky", TimeServersPath: chronyPath, TimeServersFile: chrony, KernelArgs: nocloudArgs},
	{
		Name: "flatcar", Format: Ignition, ButaneVariant: "flatcar", ButaneVersion: "1.0.0", User: "core", ReadOnlyUsr: true,
		TimeServersPath: timesyncdPath, TimeServersFile: timesyncd, NetworkFile: networkd,
		MaskUnits:  []string{"locksmithd.service"},
		KernelArgs: "flatcar.first_boot=1 ignition.config.url=${base-url}/nodes/@NODE@/config.ign",
	},
	{
		Name: "fedora-coreos", Format: Ignition, ButaneVariant: "fcos", ButaneVersion: "1.4.0", User: "core", ReadOnlyUsr: true,
		TimeServersPath: chronyPath, TimeServersFile: chrony, NetworkFile: networkManager,
		Files:      []File{{"/etc/zincati/config.d/90-kindling.toml", 0o644, "[updates]\nenabled = false\n"}},
		KernelArgs: "ignition.firstboot ignition.platform.id=metal ignition.config.url=${base-url}/nodes/@NODE@/config.ign",
	},
}

// nocloudArgs points cloud-init's NoCloud data source at the node's directory.
const nocloudArgs = "ds=nocloud-net;s=${base-url}/nodes/@NODE@/"

// Names are the operating systems' names as cluster.yaml writes them.
func Names() []string {
	names := make([]string, len(all))
	for i, os := range all {
		names[i] = os.Name
	}
	return names
}

// Lookup finds an operating system by its name in cluster.yaml.
func Lookup(name string) (OS, bool) {
	i := slices.IndexFunc(all, func(os OS) bool { return os.Name == name })
	if i < 0 {
		return OS{}, false
	}
	return all[i], true
}
