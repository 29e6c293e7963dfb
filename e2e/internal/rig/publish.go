package rig

import (
	"archive/tar"
	"compress/gzip"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strings"
	"testing"

	"kindling/e2e/internal/build"
)

// cniRelease is the release of the CNI plugins that [Release.Publish] publishes.
var cniRelease = strings.TrimPrefix(build.CNIPluginsVersion, "v")

// runcRelease is Debian's, which the base root has.
const runcRelease = "1.1.5"

// Publish writes the programs of the machines into a directory as their publishers lay them out, by host and path, each with its sum
// in the publisher's own form. Those for arm64 are empty.
func (r Release) Publish(dir string) error {
	kubernetes := "dl.k8s.io/release/" + string(r) + "/bin/linux/%s/"
	plugins := "github.com/containernetworking/plugins/releases/download/v" + cniRelease + "/cni-plugins-linux-%s-v" + cniRelease + ".tgz"
	cni := r.hostPrograms()["opt/cni/bin"]
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
		for _, version := range []string{build.ContainerdVersion, build.OlderContainerdVersion} {
			archive := fmt.Sprintf("github.com/containerd/containerd/releases/download/%s/containerd-static-%s-linux-%s.tar.gz", version, version[1:], arch)
			programs := []build.Program{build.Containerd("containerd", version), build.Containerd("containerd-shim-runc-v2", version), build.Containerd("ctr", version)}
			p.archive(archive, "bin/", content(programs...)...)
			p.sum(archive, archive+".sha256sum", "%s  %s\n")
		}
		archive := fmt.Sprintf(plugins, arch)
		p.archive(archive, "./", content(cni...)...)
		p.sum(archive, archive+".sha256", "%s  %s\n")
		extension := "github.com/flatcar/sysext-bakery/releases/download/kubernetes-" + string(r) + "/"
		image := extension + "kubernetes-" + string(r) + map[string]string{"amd64": "-x86-64.raw", "arm64": "-arm64.raw"}[arch]
		p.extension(image, content(build.Kubeadm(string(r)), build.Kubernetes("kubelet", string(r)), build.Kubernetes("kubectl", string(r))), content(cni...))
		p.sum(image, extension+"SHA256SUMS", "%s  %s\n")
		p.copy(runc+"runc."+arch, filepath.Join(base, "usr/sbin/runc"))
		p.sum(runc+"runc."+arch, runc+"runc.sha256sum", "%s  %s\n")
	}
	return errors.Join(p.errs...)
}

// FlatcarContainerd are the files of the containerd that Flatcar's image has, with the configuration that it would read.
func FlatcarContainerd(t testing.TB) map[string]File {
	t.Helper()
	const unit = "[Unit]\nAfter=network.target\n[Service]\nType=notify\nDelegate=yes\nKillMode=process\nRestart=always\nOOMScoreAdjust=-999\nEnvironment=CONTAINERD_CONFIG=/usr/share/containerd/config.toml\n" +
		"ExecStart=/usr/bin/containerd --config ${CONTAINERD_CONFIG}\n[Install]\nWantedBy=multi-user.target\n"
	files := map[string]File{
		"usr/lib/systemd/system/containerd.service": {Mode: 0o644, Content: []byte(unit)},
		"usr/share/containerd/config.toml":          {Mode: 0o644, Content: []byte("version = 2\n")},
	}
	for _, name := range []string{"containerd", "containerd-shim-runc-v2", "ctr"} {
		file, err := build.Containerd(name, build.ContainerdVersion).Path()
		if err != nil {
			t.Fatal(err)
		}
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		files["usr/bin/"+name] = File{Mode: 0o755, Content: content}
	}
	return files
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

// extension publishes a system extension as Flatcar's bakery makes it (flatcar/sysext-bakery: kubernetes.sysext): kubelet's unit copies
// the CNI plugins to where they are looked for. Without programs it is empty.
func (p *publisher) extension(file string, programs, cni []build.Program) {
	if programs == nil {
		p.single(file)
		return
	}
	unit, err := recipe.ReadFile("image/usr/lib/systemd/system/kubelet.service")
	dropIn, errDropIn := recipe.ReadFile("image/usr/lib/systemd/system/kubelet.service.d/10-kubeadm.conf")
	tree, errTree := packageTree()
	if err := errors.Join(err, errDropIn, errTree); err != nil {
		p.errs = append(p.errs, err)
		return
	}
	defer os.RemoveAll(tree)
	content := systemPackage{
		programs: map[string][]build.Program{"usr/bin": programs, "usr/local/bin/cni": cni},
		files: map[string]string{
			"usr/lib/extension-release.d/extension-release.kubernetes": "ID=_any\nARCHITECTURE=x86-64\n",
			"usr/lib/systemd/system/kubelet.service":                   strings.Replace(string(unit), "[Service]\n", "[Service]\nExecStartPre=mkdir -p /opt/cni/bin\nExecStartPre=cp -r /usr/local/bin/cni/. /opt/cni/bin/\n", 1),
			"usr/lib/systemd/system/kubelet.service.d/10-kubeadm.conf": string(dropIn),
		},
	}
	name := filepath.Join(p.dir, file)
	p.errs = append(p.errs, content.fill(tree), os.MkdirAll(filepath.Dir(name), 0o755))
	if out, err := exec.Command("mksquashfs", tree, name, "-quiet", "-no-progress", "-all-root", "-noappend", "-comp", "lz4").CombinedOutput(); err != nil {
		p.errs = append(p.errs, fmt.Errorf("mksquashfs: %w: run e2e/install.sh rig\n%s", err, out))
	}
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
