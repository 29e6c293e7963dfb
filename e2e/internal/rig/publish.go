package rig

import (
	"archive/tar"
	"compress/gzip"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"strings"

	"kindling/e2e/internal/build"
)

// The releases of what [Release.Publish] publishes beside Kubernetes itself.
var (
	containerdRelease = strings.TrimPrefix(build.ContainerdVersion, "v")
	cniRelease        = strings.TrimPrefix(build.CNIPluginsVersion, "v")
)

// runcRelease is Debian's, which the base root has.
const runcRelease = "1.1.5"

// Publish writes the programs of the machines into a directory as their publishers lay them out, by host and path, each with its sum
// in the publisher's own form. Those for arm64 are empty.
func (r Release) Publish(dir string) error {
	kubernetes := "dl.k8s.io/release/" + string(r) + "/bin/linux/%s/"
	containerd := "github.com/containerd/containerd/releases/download/v" + containerdRelease + "/containerd-static-" + containerdRelease + "-linux-%s.tar.gz"
	cni := "github.com/containernetworking/plugins/releases/download/v" + cniRelease + "/cni-plugins-linux-%s-v" + cniRelease + ".tgz"
	runc := "github.com/opencontainers/runc/releases/download/v" + runcRelease + "/"
	base, err := build.BaseRoot()
	if err != nil {
		return err
	}
	p := publisher{dir: dir}
	for _, arch := range []string{"amd64", "arm64"} {
		content := func(programs ...build.Program) []build.Program {
			if arch != "amd64" {
				return nil
			}
			return programs
		}
		for name, program := range map[string]build.Program{
			"kubeadm": build.Kubeadm(string(r)), "kubelet": build.Kubernetes("kubelet", string(r)), "kubectl": build.Kubernetes("kubectl", string(r)),
		} {
			file := fmt.Sprintf(kubernetes, arch) + name
			p.single(file, content(program)...)
			p.sum(file, file+".sha256", "%[1]s")
		}
		archive := fmt.Sprintf(containerd, arch)
		p.archive(archive, "bin/", content(build.Containerd("containerd", build.ContainerdVersion),
			build.Containerd("containerd-shim-runc-v2", build.ContainerdVersion), build.Containerd("ctr", build.ContainerdVersion))...)
		p.sum(archive, archive+".sha256sum", "%s  %s\n")
		archive = fmt.Sprintf(cni, arch)
		p.archive(archive, "./", content(build.CNIPlugin("main", "bridge", build.CNIPluginsVersion), build.CNIPlugin("main", "loopback", build.CNIPluginsVersion),
			build.CNIPlugin("ipam", "host-local", build.CNIPluginsVersion), build.CNIPlugin("meta", "portmap", build.CNIPluginsVersion),
			build.CNIPlugin("meta", "flannel", build.FlannelPluginVersion))...)
		p.sum(archive, archive+".sha256", "%s  %s\n")
		p.copy(runc+"runc."+arch, filepath.Join(base, "usr/sbin/runc"))
		p.sum(runc+"runc."+arch, runc+"runc.sha256sum", "%s  %s\n")
	}
	return errors.Join(p.errs...)
}

type publisher struct {
	dir  string
	errs []error
}

func (p *publisher) create(file string) (*os.File, error) {
	name := filepath.Join(p.dir, file)
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return nil, err
	}
	return os.Create(name)
}

func (p *publisher) copy(file, from string) {
	out, err := p.create(file)
	if err != nil {
		p.errs = append(p.errs, err)
		return
	}
	defer out.Close()
	in, err := os.Open(from)
	if err != nil {
		p.errs = append(p.errs, err)
		return
	}
	defer in.Close()
	_, err = io.Copy(out, in)
	p.errs = append(p.errs, err)
}

// single publishes a program, or an empty file for none.
func (p *publisher) single(file string, programs ...build.Program) {
	from := os.DevNull
	for _, program := range programs {
		var err error
		from, err = program.Path()
		p.errs = append(p.errs, err)
	}
	p.copy(file, from)
}

// archive publishes programs in a compressed tar archive, below a directory.
func (p *publisher) archive(file, below string, programs ...build.Program) {
	out, err := p.create(file)
	if err != nil {
		p.errs = append(p.errs, err)
		return
	}
	defer out.Close()
	compressed, _ := gzip.NewWriterLevel(out, gzip.BestSpeed)
	archive := tar.NewWriter(compressed)
	for _, program := range programs {
		from, err := program.Path()
		if err != nil {
			p.errs = append(p.errs, err)
			continue
		}
		content, err := os.ReadFile(from)
		p.errs = append(p.errs, err, archive.WriteHeader(&tar.Header{Name: below + filepath.Base(from), Mode: 0o755, Size: int64(len(content))}))
		_, err = archive.Write(content)
		p.errs = append(p.errs, err)
	}
	p.errs = append(p.errs, archive.Close(), compressed.Close())
}

// sum appends a file's SHA-256 to a file of sums.
func (p *publisher) sum(file, sums, form string) {
	content, err := os.ReadFile(filepath.Join(p.dir, file))
	if err != nil {
		p.errs = append(p.errs, err)
		return
	}
	out, err := os.OpenFile(filepath.Join(p.dir, sums), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		p.errs = append(p.errs, err)
		return
	}
	_, err = fmt.Fprintf(out, form, fmt.Sprintf("%x", sha256.Sum256(content)), path.Base(file))
	p.errs = append(p.errs, err, out.Close())
}
