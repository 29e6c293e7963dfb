package rig

import (
	"cmp"
	"context"
	_ "embed"
	"fmt"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"kindling/e2e/internal/build"
	"kindling/e2e/internal/firstboot"
	"kindling/e2e/model"
)

//go:embed machine.sh
var machineScript string

// execTimeout bounds a command that never ends. On a slow computer, even one that should answer at once takes a while.
const execTimeout = 5 * time.Minute

// A Machine is what its owner decides about a machine.
type Machine struct {
	Name      string
	Addresses []netip.Prefix
	// Gateways, one for each family of its addresses, and Nameserver are what DHCP would provide.
	Gateways   []netip.Addr
	Nameserver netip.Addr
	// A machine has one of the two documents. With Ignition it has a read-only /usr, like the operating systems that use
	// Ignition.
	Seed     firstboot.Seed
	Ignition []byte
	// BootServer is the base URL at which its firmware asks for its iPXE script, which leads to the document; the machine is then not given
	// the one above. The firmware trusts the CA in BootCA alone, and the image has to as well.
	BootServer string
	BootCA     []byte
	// Files are on its disk before its first boot, besides those of its image.
	Files map[string]File
	// Image is what its first disk has before its first boot. The container images are there whatever it is: the rig has no registry.
	Image Image
	// FileSystem, ext4 or xfs, is that of its first disk, if the cuts of its power are to lose what is not on the disk yet. If
	// empty, its files are the host's. Its container images always are.
	FileSystem string
	// Share is how much of a core the machine has. If 0, it has what the others leave.
	Share float64
	// Counted says that [Rig.Processes] will be asked for it.
	Counted bool
	// EtcdDisk is the directory where the machine finds its second disk. If empty, the disk is mounted at /var/lib/etcd.
	EtcdDisk string
}

// A File is a file in a machine's image.
type File struct {
	Mode    os.FileMode
	Content []byte
}

// An Image is the kind of image that a machine has.
type Image int

const (
	// Preinstalled has everything that a machine of a cluster needs.
	Preinstalled Image = iota
	// NoKubernetes has the operating system's programs, as an image of Flatcar does.
	NoKubernetes
	// Stock has what a cloud's image of Debian does, and lacks even the operating system's programs that kindling calls.
	Stock
	// StockRPM has dnf and zypper as well, and stands for the images of Red Hat's family and openSUSE.
	StockRPM
)

type machine struct {
	Machine
	index   int
	dir     string
	lower   []string
	store   string
	disks   *disks
	process *exec.Cmd
	silent  int // the length of its console when it was last powered on
}

// Add adds a machine, which is off.
func (r *Rig) Add(m Machine) {
	r.t.Helper()
	added := &machine{Machine: m, index: len(r.machines) + 1, dir: filepath.Join(r.dir, m.Name), store: r.store}
	orFail(r.t, os.Mkdir(added.dir, 0o755))
	orFail(r.t, added.writeSurroundings())
	added.lower = append([]string{added.surroundings()}, r.shared...)
	switch m.Image {
	case NoKubernetes:
		added.lower = slices.Delete(added.lower, 1, 2)
	case Stock:
		root, _, err := build.StockRoot()
		orFail(r.t, err)
		added.lower = []string{added.surroundings(), root}
	case StockRPM:
		root, err := build.RPMRoot()
		orFail(r.t, err)
		added.lower = []string{added.surroundings(), root}
	}
	if m.FileSystem != "" {
		added.disks = r.needDisks()
	}
	r.machines[m.Name] = added
	r.Wipe(m.Name)
}

// Has reports whether a machine was added.
func (r *Rig) Has(name string) bool { return r.machines[name] != nil }

// Wipe gives a machine that is off empty disks, the first one with the machine's image.
func (r *Rig) Wipe(name string) {
	r.t.Helper()
	r.history.add(name, model.Wipe)
	orFail(r.t, os.RemoveAll(r.machines[name].disk()))
	orFail(r.t, os.RemoveAll(r.machines[name].containerd()))
	orFail(r.t, r.machines[name].image())
}

// Replace gives a machine that is off what its owner decides now, such as a new document, and empty disks.
func (r *Rig) Replace(m Machine) {
	r.t.Helper()
	r.machines[m.Name].Machine = m
	orFail(r.t, r.machines[m.Name].writeSurroundings())
	r.Wipe(m.Name)
}

// WipeEtcd gives a machine that is off an empty second disk.
func (r *Rig) WipeEtcd(name string) {
	r.t.Helper()
	r.history.add(name, model.LoseData)
	orFail(r.t, os.RemoveAll(r.machines[name].etcd()))
}

// Restored records that a machine's etcd was given the data of a snapshot.
func (r *Rig) Restored(name string) { r.history.add(name, model.Restore) }

// WipeRoot gives a machine that is off a new first disk with the machine's image, and keeps the second one.
func (r *Rig) WipeRoot(name string) {
	r.t.Helper()
	r.history.add(name, model.LoseRoot)
	m := r.machines[name]
	kept := m.disk() + ".etcd"
	orFail(r.t, os.Rename(m.etcd(), kept))
	orFail(r.t, os.RemoveAll(m.disk()))
	orFail(r.t, os.RemoveAll(m.containerd()))
	orFail(r.t, m.image())
	orFail(r.t, os.Rename(kept, m.etcd()))
}

// Boot powers machines on, all at the same time.
func (r *Rig) Boot(names ...string) {
	r.t.Helper()
	for _, name := range names {
		r.history.add(name, model.PowerOn)
		r.machines[name].silent = len(r.Console(name))
		orFail(r.t, r.scripts.Add(r.machines[name].document()))
		orFail(r.t, r.machines[name].powerOn(r.network))
	}
}

// PowerOff cuts a machine's power.
func (r *Rig) PowerOff(name string) {
	r.t.Helper()
	r.machines[name].powerOff(r.t)
	r.history.add(name, model.PowerOff)
}

// Kill ends a machine immediately. Goroutines other than the test's may call it. PowerOff cleans up after it.
func (r *Rig) Kill(name string) error {
	pid, err := r.machines[name].initPID()
	if err != nil {
		return err
	}
	return syscall.Kill(pid, syscall.SIGKILL)
}

// Reboot cuts a machine's power and switches it on again.
func (r *Rig) Reboot(name string) {
	r.t.Helper()
	r.PowerOff(name)
	r.Boot(name)
}

// Cut takes a machine off the network.
func (r *Rig) Cut(name string) {
	r.t.Helper()
	orFail(r.t, r.network.cut(r.machines[name].port()))
}

// Heal puts a machine on the network again.
func (r *Rig) Heal(name string) {
	r.t.Helper()
	orFail(r.t, r.network.heal(r.machines[name].port()))
}

// ConsoleFile is where that is on the host which the machine's console shows.
func (r *Rig) ConsoleFile(name string) string { return r.machines[name].console() }

// Console returns everything that the machine's console has shown since the machine was added.
func (r *Rig) Console(name string) string {
	text, _ := os.ReadFile(r.machines[name].console())
	return string(text)
}

// Said returns what the machine's console has shown since the machine was last powered on.
func (r *Rig) Said(name string) string {
	return r.Console(name)[r.machines[name].silent:]
}

// Path returns where a file of a machine's root directory is on the host, once the machine has written it.
func (r *Rig) Path(name, file string) string {
	return filepath.Join(r.machines[name].disk(), "root", file)
}

// Put writes a file on a machine that is on.
func (r *Rig) Put(name, file string, content []byte) {
	r.t.Helper()
	pid, err := r.machines[name].booted()
	orFail(r.t, err)
	orFail(r.t, os.WriteFile(filepath.Join("/proc", strconv.Itoa(pid), "root", file), content, 0o600))
}

// Exec runs a command on a machine that is on, and returns what it prints.
func (r *Rig) Exec(name string, command ...string) (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), execTimeout)
	defer cancel()
	pid, err := r.machines[name].booted()
	if err != nil {
		return "", err
	}
	enter := []string{"--target", strconv.Itoa(pid), "--mount", "--uts", "--ipc", "--net", "--pid", "--cgroup", "--root", "--wd", "--"}
	cmd := exec.CommandContext(ctx, "nsenter", append(enter, command...)...)
	cmd.WaitDelay = time.Second
	out, err := cmd.CombinedOutput()
	return string(out), err
}

func (m *machine) powerOn(network *network) error {
	console, err := os.OpenFile(m.console(), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	defer console.Close()
	// In its own process namespace, the machine ends with this process, however that ends.
	command := []string{"unshare", "--mount", "--net", "--pid", "--fork", "--kill-child", "--mount-proc", "bash", "-c", machineScript}
	image := ""
	if m.disks != nil {
		command = append(append([]string{"nsenter"}, m.disks.enter()...), command...)
		image = m.disks.image(m.Name)
	}
	share, processes := "", ""
	if m.Share > 0 {
		share = strconv.Itoa(int(m.Share * 100_000))
	}
	if m.Counted {
		processes = m.processes()
	}
	m.process = exec.Command(command[0], command[1:]...)
	m.process.Env = append(os.Environ(),
		"NAME="+m.Name,
		"LOWER="+strings.Join(m.lower, ":"),
		"DISK="+m.disk(),
		"IMAGE="+image,
		"CONTAINERD="+m.containerd(),
		"CGROUP="+m.cgroup(),
		"SHARE="+share,
		"PROCESSES="+processes,
		"CONFIG="+m.config(),
		"IGNITION="+firstboot.IgnitionProgram,
		"BOOT_SERVER="+m.BootServer,
		"BOOT_CA="+m.bootCA(),
		"ADDRESS="+m.Addresses[0].String(),
		"MAC="+m.mac(),
		"ETCD_DISK="+cmp.Or(m.EtcdDisk, "/var/lib/etcd"),
	)
	m.process.Stdout, m.process.Stderr = console, console
	m.process.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	start, err := m.process.StdinPipe()
	if err != nil {
		return err
	}
	if err := m.process.Start(); err != nil {
		return err
	}
	if err := waitForNamespace(m.process.Process.Pid); err != nil {
		return err
	}
	if err := network.attach(m.port(), m.mac(), m.process.Process.Pid); err != nil {
		return err
	}
	if _, err := fmt.Fprintln(start, "network"); err != nil {
		return err
	}
	return start.Close()
}

func (m *machine) powerOff(t testing.TB) {
	t.Helper()
	if m.process == nil {
		return
	}
	if pid, err := m.initPID(); err == nil {
		syscall.Kill(pid, syscall.SIGKILL)
	}
	m.process.Process.Kill()
	m.process.Wait()
	m.process = nil
	orFail(t, removeCgroups(m.cgroup()))
}

// initPID returns the ID of the machine's process 1: the child of systemd-nspawn, which is the child of unshare.
func (m *machine) initPID() (int, error) {
	if m.process == nil {
		return 0, fmt.Errorf("%s is off", m.Name)
	}
	nspawn, err := childOf(m.process.Process.Pid)
	if err != nil {
		return 0, err
	}
	return childOf(nspawn)
}

func childOf(pid int) (int, error) {
	children, err := os.ReadFile(fmt.Sprintf("/proc/%d/task/%[1]d/children", pid))
	if err != nil {
		return 0, err
	}
	first, _, _ := strings.Cut(string(children), " ")
	return strconv.Atoi(first)
}

// booted returns the ID of process 1 once that is systemd. Before that, it may still see the host's files.
func (m *machine) booted() (int, error) {
	pid, err := m.initPID()
	if err != nil {
		return 0, err
	}
	if name, err := os.ReadFile(fmt.Sprintf("/proc/%d/comm", pid)); err != nil || string(name) != "systemd\n" {
		return 0, fmt.Errorf("%s has not started yet", m.Name)
	}
	return pid, nil
}

// image makes the machine's disk, with everything that is on it from the start.
func (m *machine) image() error {
	if err := os.Mkdir(m.disk(), 0o755); err != nil {
		return err
	}
	if m.disks != nil {
		if err := m.disks.format(m.Name, m.FileSystem); err != nil {
			return err
		}
	}
	return m.copyStore()
}

// copyStore gives the machine the container images. Layers are shared; only the databases are copied.
func (m *machine) copyStore() error {
	out, err := exec.Command("bash", "-euo", "pipefail", "-c", `
		cp -al "$0" "$1"
		find "$1" -name '*.db' -exec cp {} {}.own \; -exec mv {}.own {} \;`, m.store, m.containerd()).CombinedOutput()
	if err != nil {
		return fmt.Errorf("copy images: %w: %s", err, out)
	}
	return nil
}

func (m *machine) disk() string         { return filepath.Join(m.dir, "disk") }
func (m *machine) etcd() string         { return filepath.Join(m.disk(), "etcd") }
func (m *machine) containerd() string   { return filepath.Join(m.dir, "containerd") }
func (m *machine) processes() string    { return filepath.Join(m.dir, "processes") }
func (m *machine) console() string      { return filepath.Join(m.dir, "console") }
func (m *machine) surroundings() string { return filepath.Join(m.dir, "surroundings") }
func (m *machine) bootCA() string       { return filepath.Join(m.dir, "boot-ca.crt") }
func (m *machine) port() string         { return fmt.Sprintf("port%d", m.index) }
func (m *machine) mac() string          { return fmt.Sprintf("52:54:00:00:01:%02x", m.index) }
func (m *machine) cgroup() string {
	return "kindling-" + filepath.Base(filepath.Dir(m.dir)) + "-" + m.Name
}
func (m *machine) document() []byte {
	if m.Ignition != nil {
		return m.Ignition
	}
	return m.Seed["user-data"]
}
func (m *machine) config() string {
	if m.Ignition == nil {
		return ""
	}
	return filepath.Join(m.dir, "config.ign")
}
