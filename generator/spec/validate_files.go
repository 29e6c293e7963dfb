package spec

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"kindling/generator/internal/distro"
	"kindling/generator/internal/yamlfile"
	"kindling/templates/step"
)

// Places that kindling or kubeadm writes to itself.
var (
	ownDirectories = []string{"/etc/kindling", "/etc/kubernetes/pki", "/run/kindling", "/var/lib/kindling", "/dev", "/proc", "/sys"}
	ownFiles       = []string{
		"/etc/kubernetes/admin.conf", "/etc/kubernetes/bootstrap-kubelet.conf", "/etc/kubernetes/controller-manager.conf",
		"/etc/kubernetes/kubelet.conf", "/etc/kubernetes/scheduler.conf", "/etc/kubernetes/super-admin.conf",
		"/etc/kubernetes/manifests/etcd.yaml", "/etc/kubernetes/manifests/kube-apiserver.yaml",
		"/etc/kubernetes/manifests/kube-controller-manager.yaml", "/etc/kubernetes/manifests/kube-scheduler.yaml",
		"/etc/hostname", "/etc/haproxy/haproxy.cfg", "/etc/keepalived/keepalived.conf", "/etc/kubernetes/kube-vip.conf",
		"/etc/systemd/system/containerd.service", "/etc/systemd/system/kubelet.service", "/var/lib/kubelet/config.yaml", "/var/lib/kubelet/kubeadm-flags.env",
	}
)

// directories are those of every operating system in which kindling has no files of its own.
var directories = []string{"/boot", "/home", "/mnt", "/opt", "/root", "/srv", "/tmp", "/usr", "/usr/bin", "/usr/lib", "/usr/local", "/usr/local/bin", "/usr/sbin", "/var/log", "/var/tmp", "/etc/ssh", "/etc/ssl"}

// replaced are files of the operating system's that nobody means to replace, and what would become of the machine.
var replaced = map[string]string{
	"/etc/passwd": lostAccounts, "/etc/group": lostAccounts, "/etc/shadow": lostAccounts, "/etc/gshadow": lostAccounts, "/etc/subuid": lostAccounts, "/etc/subgid": lostAccounts,
	"/etc/fstab": lostDisks, "/etc/crypttab": lostDisks,
	"/etc/machine-id": sameMachine, "/var/lib/dbus/machine-id": sameMachine,
}

const (
	lostAccounts = "has the users and groups of the operating system, which would be gone; add yours with a snippet"
	lostDisks    = "has the disks of the operating system, which would be gone; add yours with a snippet"
	sameMachine  = "is each machine's own, by which kindling, systemd and DHCP tell machines apart; leave it out"
)

// links are directories that are links on every operating system, and where they lead.
var links = map[string]string{"/var/run": "/run", "/var/lock": "/run/lock", "/bin": "/usr/bin", "/sbin": "/usr/sbin", "/lib": "/usr/lib", "/lib64": "/usr/lib64"}

// real is where a path leads on the machine.
func real(name string) string {
	for link, target := range links {
		if below(name, link) {
			return target + strings.TrimPrefix(name, link)
		}
	}
	return name
}

// isDirectory reports whether a path is a directory on every machine: one of the system's own, or one that kindling or kubeadm has files in.
func isDirectory(name string) bool {
	holds := func(file string) bool { return file != name && below(file, name) }
	return slices.Contains(directories, name) || slices.ContainsFunc(ownFiles, holds) || slices.ContainsFunc(ownDirectories, holds)
}

// isOwn reports whether kindling or kubeadm writes to a path itself. Drop-ins of kindling's have its name.
func (c *checker) isOwn(name string) bool {
	in := func(dir string) bool { return below(name, dir) }
	return slices.ContainsFunc(ownFiles, in) || slices.ContainsFunc(ownDirectories, in) || in(c.Etcd.DataDir) ||
		in("/etc") && strings.Contains(path.Base(name), "kindling.")
}

// placed is a file that some machines get.
type placed struct {
	File
	field string
}

// meets reports whether there can be a machine that gets both files.
func (p placed) meets(f File) bool {
	return len(p.Roles) == 0 || len(f.Roles) == 0 || slices.ContainsFunc(f.Roles, p.For)
}

func (c *checker) checkExtraFiles() {
	everywhere := c.checkFiles(at("extraFiles"), c.ExtraFiles, nil)
	for i, f := range c.ExtraFiles {
		c.checkRoles(at("extraFiles", i, "roles"), f.Roles)
		c.checkPlaces(at("extraFiles", i, "path"), f, c.Nodes)
	}
	for i, n := range c.Nodes {
		for j, f := range n.ExtraFiles {
			if len(f.Roles) > 0 {
				c.Errorf(at("nodes", i, "extraFiles", j, "roles"), "the file is for this node alone; remove its roles")
			}
			c.checkPlaces(at("nodes", i, "extraFiles", j, "path"), f, c.Nodes[i:i+1])
		}
		if len(n.ExtraFiles) > 0 {
			others := func(p placed) bool { return !p.For(n.Role) }
			c.checkFiles(at("nodes", i, "extraFiles"), n.ExtraFiles, slices.DeleteFunc(slices.Clone(everywhere), others))
		}
	}
}

var (
	octalMode = regexp.MustCompile(`^[0-7]{3,4}$`)
	fileOwner = regexp.MustCompile(`^([A-Za-z_][A-Za-z0-9._-]*|[0-9]{1,9})(:([A-Za-z_][A-Za-z0-9._-]*|[0-9]{1,9}))?$`)
)

// checkFiles checks a list of files, beside others that the same machines get, and returns all of them.
func (c *checker) checkFiles(p yamlfile.Path, files []File, all []placed) []placed {
	for i := range files {
		f, p := &files[i], p.With(i)
		if f.Path != "" && !c.checkMet(p.With("path"), *f, all) {
			c.checkFilePath(p.With("path"), f.Path)
		}
		all = append(all, placed{*f, p.String()})
		if !octalMode.MatchString(f.Mode) {
			c.Errorf(p.With("mode"), "%s is not a file mode in octal, such as \"0644\"", yamlfile.Quote(f.Mode))
		}
		if c.Has(p.With("owner")) && !fileOwner.MatchString(f.Owner) {
			c.Errorf(p.With("owner"), "%s is not USER or USER:GROUP, such as \"app:app\" or \"1000\"", yamlfile.Quote(f.Owner))
		}
		switch content, source := c.Has(p.With("content")), c.Has(p.With("source")); {
		case content && source:
			c.Errorf(p.With("source"), "the file has both content and source; keep one of them")
		case !content && !source:
			c.Errorf(p, "the file has neither content nor source; add one of them")
		case source && strings.TrimSpace(f.Source) == "":
			c.Errorf(p.With("source"), "is empty; name a local file, or write `content: \"\"` for an empty file")
		case source && c.local.Files != nil:
			f.data, _ = c.readLocal(p.With("source"), f.Source)
		}
		name := "content"
		if f.Source != "" {
			name = "source"
		}
		if strings.HasPrefix(string(f.Data()), "#!") {
			c.checkHidden(p.With(name), string(f.Data()))
		}
		if strings.HasSuffix(path.Dir(real(f.Path)), "/sysctl.d") || real(f.Path) == "/etc/sysctl.conf" {
			c.checkSysctls(p.With(name), string(f.Data()))
		}
	}
	return all
}

// checkSysctls refuses to switch off what pods need, which the step host switches on at each boot.
func (c *checker) checkSysctls(p yamlfile.Path, text string) {
	for line := range strings.Lines(text) {
		key, value, found := strings.Cut(line, "=")
		key = strings.ReplaceAll(strings.TrimPrefix(strings.TrimSpace(key), "-"), "/", ".")
		if value = strings.TrimSpace(value); found && key == "net.ipv4.ip_forward" && value != "1" {
			c.Errorf(p, "sets %s to %s, but pods need 1; remove this line", key, yamlfile.Quote(value))
		}
	}
}

// checkMet finds another file that is in a file's place, and reports whether there is one.
func (c *checker) checkMet(p yamlfile.Path, f File, others []placed) bool {
	for _, other := range others {
		switch {
		case !other.meets(f):
			continue
		case real(f.Path) == real(other.Path):
			c.Errorf(p, "%s is already written by %s; keep one of them", yamlfile.Quote(f.Path), other.field)
		case below(real(f.Path), real(other.Path)):
			c.Errorf(p, "%s would be in a directory that is the file of %s; choose another path", yamlfile.Quote(f.Path), other.field)
		case below(real(other.Path), real(f.Path)):
			c.Errorf(p, "%s is a directory, in which %s has its file; choose another path", yamlfile.Quote(f.Path), other.field)
		default:
			continue
		}
		return true
	}
	return false
}

// checkHidden refuses characters in a script that nobody sees and that make it read otherwise than it runs (CVE-2021-42574).
func (c *checker) checkHidden(p yamlfile.Path, script string) {
	line := 1
	for _, r := range script {
		if r == '\n' {
			line++
		}
		if unicode.Is(unicode.Bidi_Control, r) || strings.ContainsRune("\x00\u200b\u200c\u200d\u2060\ufeff\u00ad", r) {
			c.Errorf(p, "has the invisible character U+%04X in line %d; remove it", r, line)
			return
		}
	}
}

func (c *checker) checkFilePath(p yamlfile.Path, name string) {
	switch fault := c.pathFault(name); {
	case fault != "":
		c.Errorf(p, "%s", fault)
	case below(real(name), "/run"), below(real(name), "/tmp"):
		c.Warnf(p, "%s is gone after a restart; write a file below /etc/tmpfiles.d that makes it, or choose another path", yamlfile.Quote(name))
	}
}

// pathFault says why no file of the user's can be at a path, or "".
func (c *checker) pathFault(name string) string {
	switch {
	case !strings.HasPrefix(name, "/"), name == "/", path.Clean(name) != name, strings.ContainsFunc(name, isControl):
		return yamlfile.Quote(name) + " must be an absolute path, without \"..\", \"//\" or a trailing \"/\""
	case isDirectory(real(name)):
		return yamlfile.Quote(name) + " is a directory on every machine; choose a file in it"
	case replaced[real(name)] != "":
		return yamlfile.Quote(name) + " " + replaced[real(name)]
	case c.isOwn(real(name)):
		return yamlfile.Quote(name) + " belongs to kindling, kubeadm or the kernel; choose another path"
	}
	return ""
}

// checkRoles wants roles of the cluster's.
func (c *checker) checkRoles(p yamlfile.Path, roles []string) {
	all := []string{ControlPlane, Worker, EtcdMember, LoadBalance}
	for i, role := range roles {
		switch {
		case !slices.Contains(all, role):
			c.Errorf(p.With(i), "unknown role %s; one of %s%s", yamlfile.Quote(role), strings.Join(all, ", "), yamlfile.DidYouMean(role, all))
		case c.rolesSound && countRole(c.Nodes, role) == 0:
			c.Warnf(p.With(i), "the cluster has no %s", role)
		}
	}
}

// checkPlaces finds a machine on which the file cannot be where it should.
func (c *checker) checkPlaces(p yamlfile.Path, f File, nodes []Node) {
	for _, n := range nodes {
		switch fault := placeFault(f.Path, n); {
		case !f.For(n.Role):
		case fault != "":
			c.Errorf(p, "%s", fault)
			return
		case f.perm > 0o777 && n.System().Format == distro.Ignition:
			c.Errorf(p, "Ignition, on %s, sets no setuid, setgid or sticky bit; use a mode up to 0777, and an extraStep for the rest", n.Name)
			return
		case c.writer(n, real(f.Path)) != "":
			c.Errorf(p, "the field %s writes it, on %s; keep one of them", c.writer(n, real(f.Path)), n.Name)
			return
		}
	}
}

// placeFault says why a machine cannot have a file of the user's at a path, or "".
func placeFault(name string, n Node) string {
	system := n.System()
	writable := !below(system.Bin, "/usr") || !below(name, path.Dir(system.Bin))
	switch {
	case system.ReadOnlyUsr && below(real(name), "/usr") && writable:
		return fmt.Sprintf("%s has a read-only /usr, on %s; use %s for programs and /etc for the rest", system.Name, n.Name, system.Bin)
	case path.Dir(name) == "/etc/systemd/system" && slices.Contains(system.MaskUnits, path.Base(name)):
		return fmt.Sprintf("kindling turns %s off, on %s: control planes that restart at the same time lose etcd's quorum", path.Base(name), n.Name)
	case name == "/etc/containerd/config.toml" && n.InstallMethod() != "preinstalled" && n.InstallMethod() != "" && n.Role != LoadBalance:
		return fmt.Sprintf("with the install method %s, kindling writes it, on %s; use the field registries, or a file of your own in /etc/containerd/conf.d", n.InstallMethod(), n.Name)
	}
	return ""
}

// writer is the field of cluster.yaml from which kindling makes a file on the machine, or "".
func (c *checker) writer(n Node, name string) string {
	for host, r := range c.Registries {
		if dir := "/etc/containerd/certs.d/" + host; n.Role != LoadBalance && (name == dir+"/hosts.toml" || name == dir+"/ca.crt" && r.CAFile != "") {
			return "registries"
		}
	}
	if system := n.System(); len(c.TimeServers) > 0 && system.TimeServers != nil {
		for _, f := range system.TimeServers(c.TimeServers) {
			if f.Path == name {
				return "timeServers"
			}
		}
	}
	return ""
}

func isControl(r rune) bool { return r < ' ' || r == 0x7f }

func (c *checker) checkExtraSteps() {
	seen := map[string]int{}
	for i, s := range c.ExtraSteps {
		p := at("extraSteps", i)
		first, taken := seen[s.Name]
		switch fault := labelFault(s.Name); {
		case fault != "":
			c.Errorf(p.With("name"), "%s is not an RFC 1123 label: it %s%s", yamlfile.Quote(s.Name), fault, nameHint(s.Name))
		case slices.Contains(step.Names(), s.Name):
			c.Errorf(p.With("name"), "%s is one of kindling's own steps; choose another name", yamlfile.Quote(s.Name))
		case taken:
			c.Errorf(p.With("name"), "%s is already the name of extraSteps[%d]; choose another name", yamlfile.Quote(s.Name), first)
		default:
			seen[s.Name] = i
		}
		switch {
		case s.Before != "" && s.After != "":
			c.Errorf(p.With("after"), "the step has both before and after; keep one of them")
		case s.Before != "":
			c.checkStepName(p.With("before"), s.Before)
		case s.After != "":
			c.checkStepName(p.With("after"), s.After)
		default:
			c.Errorf(p, "the step has neither before nor after; add one of them, such as `before: runtime`")
		}
		if strings.TrimSpace(s.Script) == "" {
			c.Errorf(p.With("script"), "is empty; write a bash script, or remove the step")
			continue
		}
		c.checkHidden(p.With("script"), s.Script)
		if c.local.Script != nil {
			if err := c.local.Script(s.Script); err != nil {
				c.Errorf(p.With("script"), "bash does not take it: %v", err)
			}
		}
	}
}

func (c *checker) checkStepName(p yamlfile.Path, name string) {
	if names := step.Names(); !slices.Contains(names, name) {
		c.Errorf(p, "unknown step %s; one of %s%s", yamlfile.Quote(name), strings.Join(names, ", "), yamlfile.DidYouMean(name, names))
	}
}
