package machines

import (
	"strings"
	"testing"

	"kindling/e2e/internal/rig"
)

// A cause keeps one machine from going on.
type cause struct {
	files  map[string]rig.File
	says   string // on the machine's console
	mended string // by this command, after which the machine goes on
}

var causes = map[string]cause{
	"cp0": {unit("var-lib-etcd.mount", "[Unit]\nBefore=kubelet.service\n[Mount]\nWhat=tmpfs\nWhere=/var/lib/etcd\nType=tmpfs\nOptions=size=1M\n"),
		"no space left on device", "mount -o remount,size=1G /var/lib/etcd"},
	"cp1": {unit("image-lost.service", "[Unit]\nRequires=containerd.service\nAfter=containerd.service\nBefore=cloud-final.service\n[Service]\nType=oneshot\n"+
		"ExecStart=/bin/bash -c 'image=$$(ctr -n k8s.io images ls -q | grep /etcd:) && ctr -n k8s.io images export /root/etcd.tar $$image && ctr -n k8s.io images rm $$image'\n"),
		"images: failed: ", "ctr -n k8s.io images import /root/etcd.tar"},
	"cp2": {unit("containerd.service.d/broken.conf", "[Service]\nExecStartPre=/bin/sh -c 'test -e /run/mended || { echo no such setting in config.toml >&2; exit 1; }'\n"),
		"runtime: failed: containerd does not start: no such setting in config.toml", "touch /run/mended"},
	"cp3": {unit("taken.service", "[Service]\nExecStart=/usr/bin/socat TCP-LISTEN:2380,fork,reuseaddr PIPE\n"),
		"certs: failed: [ERROR Port-2380]: Port 2380 is in use", "systemctl stop taken.service"},
	"cp4": {unit("taken.service", "[Service]\nExecStart=/bin/bash -c 'until [ -e /var/lib/kindling/certs.done ]; do sleep 0.1; done; exec socat TCP-LISTEN:2379,fork,reuseaddr PIPE'\n"),
		"2379: bind: address already in use", "systemctl stop taken.service"},
}

// TestFaultCauses boots five control planes, each with something wrong. The console names the cause, and once it is mended
// the machine goes on.
func TestFaultCauses(t *testing.T) {
	c := newCluster(t, generate(t, "five.yaml"), func(_ *cluster, m *rig.Machine) {
		m.Files = causes[m.Name].files
		if m.Name == "cp0" {
			m.EtcdDisk = "/disks/etcd" // /var/lib/etcd is the full disk
		}
	})
	c.Boot(c.names("")...)
	// cp0 and cp4 fail when they start etcd, for which the other three have to be ready.
	for _, name := range []string{"cp1", "cp2", "cp3", "cp0", "cp4"} {
		c.waitForLine(name, causes[name].says)
		if name == "cp1" || name == "cp2" || name == "cp3" {
			c.run(name, "bash", "-c", causes[name].mended)
		}
	}
	for _, name := range []string{"cp0", "cp4"} {
		c.run(name, "bash", "-c", causes[name].mended)
	}
	c.checkCluster()
}

// unit returns a systemd unit, or a drop-in for one, that is on the machine when it boots.
func unit(name, text string) map[string]rig.File {
	file := rig.File{Mode: 0o644, Content: []byte(text)}
	if strings.Contains(name, "/") {
		return map[string]rig.File{"etc/systemd/system/" + name: file}
	}
	return map[string]rig.File{
		"etc/systemd/system/" + name:                               file,
		"etc/systemd/system/multi-user.target.d/" + name + ".conf": {Mode: 0o644, Content: []byte("[Unit]\nWants=" + name + "\n")},
	}
}
