package lock

import (
	"cmp"
	"path"
	"regexp"
	"strings"

	"kindling/generator/spec"
)

// A publisher says where a program is published and where its sum is. {version} and {arch} stand for the item's.
type publisher struct{ file, sum string }

// publishers by their programs. Kubernetes and crictl publish a bare sum, containerd and the CNI plugins one with the file's name,
// runc and Flatcar's system extensions one file for all architectures.
var publishers = map[string]publisher{
	"kubeadm":     kubernetes("kubeadm"),
	"kubelet":     kubernetes("kubelet"),
	"kubectl":     kubernetes("kubectl"),
	"containerd":  github("containerd/containerd", "containerd-static-{version}-linux-{arch}.tar.gz", "containerd-static-{version}-linux-{arch}.tar.gz.sha256sum"),
	"runc":        github("opencontainers/runc", "runc.{arch}", "runc.sha256sum"),
	"cni-plugins": github("containernetworking/plugins", "cni-plugins-linux-{arch}-v{version}.tgz", "cni-plugins-linux-{arch}-v{version}.tgz.sha256"),
	"crictl":      github("kubernetes-sigs/cri-tools", "crictl-v{version}-linux-{arch}.tar.gz", "crictl-v{version}-linux-{arch}.tar.gz.sha256"),
	"kubernetes.raw": {
		"https://github.com/flatcar/sysext-bakery/releases/download/kubernetes-{version}/kubernetes-{version}-{systemd-arch}.raw",
		"https://github.com/flatcar/sysext-bakery/releases/download/kubernetes-{version}/SHA256SUMS",
	},
}

// kubernetes is published by itself, and its version has a "v".
func kubernetes(program string) publisher {
	file := "https://dl.k8s.io/release/{version}/bin/linux/{arch}/" + program
	return publisher{file, file + ".sha256"}
}

func github(repository, file, sum string) publisher {
	base := "https://github.com/" + repository + "/releases/download/v{version}/"
	return publisher{base + file, base + sum}
}

// urls are those of an item and of its sum.
func (i Item) urls() (file, sum string) {
	systemd := map[string]string{"amd64": "x86-64"} // systemd's own word for an architecture
	fill := strings.NewReplacer("{version}", i.Version, "{arch}", i.Arch, "{systemd-arch}", cmp.Or(systemd[i.Arch], i.Arch))
	p := publishers[i.Program]
	return fill.Replace(p.file), fill.Replace(p.sum)
}

// Needs lists the programs that the machine of a node downloads, in the releases that it wants: with the install method binaries all,
// with packages what the operating system has no package of, and with sysext the system extension.
func Needs(c *spec.Cluster, n spec.Node) []Item {
	with, own := n.Companions(), c.Version().String()
	var crictl []Item
	if c.Version().NeedsCrictl() {
		crictl = []Item{{Program: "crictl", Version: with.Crictl}}
	}
	runtime := []Item{{Program: "containerd", Version: with.Containerd}, {Program: "runc", Version: with.Runc}}
	switch {
	case n.Role == spec.LoadBalance:
		return nil
	case n.InstallMethod() == "packages" && n.System().Containerd == "":
		return runtime
	case n.InstallMethod() == "sysext":
		return append([]Item{{Program: "kubernetes.raw", Version: own}}, crictl...)
	case n.InstallMethod() != "binaries":
		return nil
	}
	needs := append([]Item{{Program: "kubeadm", Version: own}, {Program: "kubelet", Version: own}}, runtime...)
	if n.Role != spec.EtcdMember {
		needs = append(needs, Item{Program: "cni-plugins", Version: with.CNI})
	}
	if n.Role == spec.ControlPlane {
		needs = append(needs, Item{Program: "kubectl", Version: own})
	}
	return append(needs, crictl...)
}

// Wants is what the documents of a cluster need.
type Wants struct {
	// Items for every architecture, each once.
	Items []Item
	// Repositories of packages.
	Repositories []PackageRepository
	// Manifests are the URLs of those whose sum cluster.yaml does not have.
	Manifests []string
}

// Wanted is what the documents of a cluster need.
func Wanted(c *spec.Cluster) Wants {
	seen := map[Item]bool{}
	wants := Wants{Repositories: wantedRepositories(c)}
	for _, m := range append([]spec.Manifest{c.CNI}, c.Addons...) {
		if m.Kind() == spec.RemoteManifest && m.SHA256 == "" {
			wants.Manifests = append(wants.Manifests, m.Manifest)
		}
	}
	for _, n := range c.Nodes {
		for _, i := range Needs(c, n) {
			for _, i.Arch = range Architectures {
				if !seen[i] {
					seen[i] = true
					wants.Items = append(wants.Items, i)
				}
			}
		}
	}
	return wants
}

var sumForm = regexp.MustCompile(`^[0-9a-f]{64}$`)

// findSum reads the sum of a file in what a publisher has written: the sum alone, or lines of a sum and a file's name.
func findSum(text, url string) (string, bool) {
	var alone string
	for line := range strings.Lines(text) {
		fields := strings.Fields(line)
		if len(fields) == 0 || !sumForm.MatchString(strings.ToLower(fields[0])) {
			continue
		}
		sum := strings.ToLower(fields[0])
		if len(fields) == 1 {
			alone = cmp.Or(alone, sum)
			continue
		}
		if path.Base(strings.TrimPrefix(fields[1], "*")) == path.Base(url) {
			return sum, true
		}
	}
	return alone, alone != ""
}
