package plan

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestReadAnew(t *testing.T) {
	t.Parallel()
	const (
		sysctl, modules = "systemctl restart systemd-sysctl.service", "systemctl restart systemd-modules-load.service"
		containerd      = "systemctl try-restart containerd.service"
	)
	for name, test := range map[string]struct{ paths, want []string }{
		"nothing":                            {nil, nil},
		"what is read when it is needed":     {[]string{"/etc/motd", "/etc/kubernetes/audit.yaml", "/etc/security/limits.d/1.conf", "/etc/sysctl.conf", "/etc/default/kubelet", "/srv/etc/sysctl.d/1.conf"}, nil},
		"directories of no program":          {[]string{"/etc/sysctl.d", "/etc/systemd/system/x", "/etc/systemd/system/multi-user.target.d/x.conf"}, nil},
		"sysctls, once":                      {[]string{"/etc/sysctl.d/1.conf", "/etc/sysctl.d/2.conf"}, []string{sysctl}},
		"modules come before sysctls":        {[]string{"/etc/sysctl.d/1.conf", "/etc/modules-load.d/x.conf", "/etc/modprobe.d/x.conf"}, []string{modules, sysctl}},
		"directories of /usr":                {[]string{"/usr/local/lib/sysctl.d/1.conf", "/usr/lib/modules-load.d/1.conf"}, []string{modules, sysctl}},
		"users, directories and devices":     {[]string{"/etc/udev/rules.d/1.rules", "/etc/tmpfiles.d/1.conf", "/etc/sysusers.d/1.conf"}, []string{"systemd-sysusers", "systemd-tmpfiles --create", "systemctl restart systemd-udev-trigger.service"}},
		"containerd's":                       {[]string{"/etc/containerd/conf.d/a.toml", "/etc/containerd/certs.d/x/hosts.toml", "/etc/systemd/system/containerd.service.d/1.conf"}, []string{containerd}},
		"kubelet's":                          {[]string{"/etc/systemd/system/kubelet.service.d/1.conf"}, []string{"systemctl try-restart kubelet.service"}},
		"systemd's own services":             {[]string{"/etc/systemd/journald.conf.d/1.conf", "/etc/systemd/resolved.conf", "/etc/systemd/networkd.conf.d/1.conf", "/etc/systemd/coredump.conf"}, []string{"systemctl try-restart systemd-journald.service", "systemctl try-restart systemd-resolved.service", "systemctl try-restart systemd-networkd.service"}},
		"other services":                     {[]string{"/etc/ssh/sshd_config.d/1.conf", "/etc/chrony/conf.d/1.conf", "/etc/chrony.conf"}, []string{"systemctl try-restart chronyd.service", "systemctl try-restart sshd.service"}},
		"units":                              {[]string{"/etc/systemd/system/a.service", "/etc/systemd/system/b.timer.d/1.conf", "/usr/lib/systemd/system/c.socket"}, []string{"systemctl try-restart a.service", "systemctl try-restart b.timer", "systemctl try-restart c.socket"}},
		"all units of a template, or one":    {[]string{"/etc/systemd/system/a@.service.d/1.conf", "/etc/systemd/system/a@b.service.d/1.conf"}, []string{"systemctl try-restart a@*.service", "systemctl try-restart a@b.service"}},
		"what carries the boot":              {[]string{"/etc/systemd/system/kindling.service.d/1.conf", "/etc/systemd/system/dbus.service.d/1.conf", "/etc/systemd/system/cloud-final.service.d/1.conf", "/etc/systemd/system/user@.service.d/1.conf"}, nil},
		"a name that would be more commands": {[]string{"/etc/systemd/system/a b;c.service"}, nil},
	} {
		if diff := cmp.Diff(test.want, readAnew(test.paths)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}
