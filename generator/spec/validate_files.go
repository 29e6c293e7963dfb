package spec

import (
	pathpkg "path"
	"regexp"
	"slices"
	"strings"

	"kindling/templates/step"
)

// The places that kindling or kubeadm writes itself.
var (
	ownDirectories = []string{"/etc/kindling", "/etc/kubernetes/pki", "/run/kindling", "/var/lib/kindling", "/dev", "/proc", "/sys"}
	ownFiles       = []string{
		"/etc/kubernetes/admin.conf", "/etc/kubernetes/bootstrap-kubelet.conf", "/etc/kubernetes/controller-manager.conf",
		"/etc/kubernetes/kubelet.conf", "/etc/kubernetes/scheduler.conf", "/etc/kubernetes/super-admin.conf",
		"/etc/kubernetes/manifests/etcd.yaml", "/etc/kubernetes/manifests/kube-apiserver.yaml",
		"/etc/kubernetes/manifests/kube-controller-manager.yaml", "/etc/kubernetes/manifests/kube-scheduler.yaml",
		"/etc/systemd/system/kindling.service", "/var/lib/kubelet/config.yaml", "/var/lib/kubelet/kubeadm-flags.env",
	}
)

func (c *checker) checkExtraFiles() {
	everywhere := map[string]string{}
	c.checkFiles(at("extraFiles"), c.ExtraFiles, everywhere)
	for i, n := range c.Nodes {
		if len(n.ExtraFiles) > 0 {
			seen := make(map[string]string, len(everywhere))
			for name, first := range everywhere {
				seen[name] = first
			}
			c.checkFiles(at("nodes", i, "extraFiles"), n.ExtraFiles, seen)
		}
	}
}

var octalMode = regexp.MustCompile(`^[0-7]{3,4}$`)

func (c *checker) checkFiles(p path, files []File, seen map[string]string) {
	for i, f := range files {
		p := p.with(i)
		if first, ok := seen[f.Path]; ok && f.Path != "" {
			c.errorf(p.with("path"), "%s is already written by %s; keep one of them", quote(f.Path), first)
		} else {
			seen[f.Path] = p.String()
			c.checkFilePath(p.with("path"), f.Path)
		}
		if !octalMode.MatchString(f.Mode) {
			c.errorf(p.with("mode"), "%s is not a file mode in octal, such as \"0644\"", quote(f.Mode))
		}
		switch content, source := c.has(p.with("content")), c.has(p.with("source")); {
		case content && source:
			c.errorf(p.with("source"), "the file has both content and source; keep one of them")
		case !content && !source:
			c.errorf(p, "the file has neither content nor source; add one of them")
		case source && strings.TrimSpace(f.Source) == "":
			c.errorf(p.with("source"), "is empty; name a local file, or write `content: \"\"` for an empty file")
		}
	}
}

func (c *checker) checkFilePath(p path, name string) {
	switch {
	case !strings.HasPrefix(name, "/"), name == "/", pathpkg.Clean(name) != name, strings.ContainsFunc(name, isControl):
		c.errorf(p, "%s is not an absolute path without \"..\", \"//\" and a last \"/\"", quote(name))
	case slices.Contains(ownFiles, name), slices.ContainsFunc(ownDirectories, func(dir string) bool { return below(name, dir) }),
		below(name, c.Etcd.DataDir):
		c.errorf(p, "%s belongs to kindling, kubeadm or the kernel; choose another path", quote(name))
	}
}

func isControl(r rune) bool { return r < ' ' || r == 0x7f }

func (c *checker) checkExtraSteps() {
	seen := map[string]int{}
	for i, s := range c.ExtraSteps {
		p := at("extraSteps", i)
		first, taken := seen[s.Name]
		switch fault := labelFault(s.Name); {
		case fault != "":
			c.errorf(p.with("name"), "%s is not an RFC 1123 label: it %s%s", quote(s.Name), fault, nameHint(s.Name))
		case slices.Contains(step.Names(), s.Name):
			c.errorf(p.with("name"), "%s is a step of kindling's own; choose another name", quote(s.Name))
		case taken:
			c.errorf(p.with("name"), "%s is already the name of extraSteps[%d]; choose another name", quote(s.Name), first)
		default:
			seen[s.Name] = i
		}
		switch {
		case s.Before != "" && s.After != "":
			c.errorf(p.with("after"), "the step has both before and after; keep one of them")
		case s.Before != "":
			c.checkStepName(p.with("before"), s.Before)
		case s.After != "":
			c.checkStepName(p.with("after"), s.After)
		default:
			c.errorf(p, "the step has neither before nor after; add one of them, such as `before: runtime`")
		}
		if strings.TrimSpace(s.Script) == "" {
			c.errorf(p.with("script"), "is empty; write bash, or remove the step")
		}
	}
}

func (c *checker) checkStepName(p path, name string) {
	if names := step.Names(); !slices.Contains(names, name) {
		c.errorf(p, "unknown step %s; one of %s%s", quote(name), strings.Join(names, ", "), didYouMean(name, names))
	}
}
