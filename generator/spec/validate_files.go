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

// isOwn reports whether kindling or kubeadm writes to a path itself. Drop-ins of kindling's have its name.
func (c *checker) isOwn(name string) bool {
	in := func(dir string) bool { return below(name, dir) }
	return slices.Contains(ownFiles, name) || slices.ContainsFunc(ownDirectories, in) || in(c.Etcd.DataDir) ||
		in("/etc") && strings.Contains(path.Base(name), "kindling.") || c.isRegistry(name)
}

// isRegistry reports whether a file belongs to one of the registries.
func (c *checker) isRegistry(name string) bool {
	host, found := strings.CutPrefix(path.Dir(name), "/etc/containerd/certs.d/")
	_, ours := c.Registries[host]
	return found && ours
}

func (c *checker) checkExtraFiles() {
	everywhere := map[string]string{}
	c.checkFiles(at("extraFiles"), c.ExtraFiles, everywhere)
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
			seen := make(map[string]string, len(everywhere))
			for name, first := range everywhere {
				seen[name] = first
			}
			c.checkFiles(at("nodes", i, "extraFiles"), n.ExtraFiles, seen)
		}
	}
}

var (
	octalMode = regexp.MustCompile(`^[0-7]{3,4}$`)
	fileOwner = regexp.MustCompile(`^([A-Za-z_][A-Za-z0-9._-]*|[0-9]{1,9})(:([A-Za-z_][A-Za-z0-9._-]*|[0-9]{1,9}))?$`)
)

func (c *checker) checkFiles(p yamlfile.Path, files []File, seen map[string]string) {
	for i := range files {
		f, p := &files[i], p.With(i)
		if first, ok := seen[real(f.Path)]; ok && f.Path != "" && len(f.Roles) == 0 {
			c.Errorf(p.With("path"), "%s is already written by %s; keep one of them", yamlfile.Quote(f.Path), first)
		} else {
			seen[real(f.Path)] = p.String()
			c.checkFilePath(p.With("path"), f.Path)
		}
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
		if name := "content"; strings.HasPrefix(string(f.Data()), "#!") {
			if f.Source != "" {
				name = "source"
			}
			c.checkHidden(p.With(name), string(f.Data()))
		}
	}
}

// checkHidden refuses characters in a script that nobody sees and that make it read otherwise than it runs (CVE-2021-42574).
func (c *checker) checkHidden(p yamlfile.Path, script string) {
	line := 1
	for _, r := range script {
		if r == '\n' {
			line++
		}
		if unicode.Is(unicode.Bidi_Control, r) || strings.ContainsRune("\u200b\u200c\u200d\u2060\ufeff\u00ad", r) {
			c.Errorf(p, "has the invisible character U+%04X in line %d; remove it", r, line)
			return
		}
	}
}

func (c *checker) checkFilePath(p yamlfile.Path, name string) {
	if fault := c.pathFault(name); fault != "" {
		c.Errorf(p, "%s", fault)
	}
}

// pathFault says why no file of the user's can be at a path, or "".
func (c *checker) pathFault(name string) string {
	switch {
	case !strings.HasPrefix(name, "/"), name == "/", path.Clean(name) != name, strings.ContainsFunc(name, isControl):
		return yamlfile.Quote(name) + " must be an absolute path, without \"..\", \"//\" or a trailing \"/\""
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
