#!/bin/bash
# Makes the installed packages in $1 a machine image that has never been booted,
# with what a machine in a systemd-nspawn container needs beyond that.
set -euo pipefail

root=$1

never_booted() {
	: >"$root/etc/machine-id"
	rm -f "$root"/etc/hostname "$root"/etc/ssh/ssh_host_* "$root"/var/lib/dbus/machine-id
	# An address that refuses at once: a resolver that never answers would cost seconds here and there.
	echo "nameserver 127.0.0.1" >"$root/etc/resolv.conf"
}

cloud_init() {
	cat >"$root/etc/cloud/cloud.cfg.d/99-rig.cfg" <<-EOF
		datasource_list: [NoCloud]
		locale: C.UTF-8
	EOF
}

quiet_units() {
	local unit
	# ifupdown brings the network up; networkd, which a preset would enable, would be waited for in vain.
	for unit in systemd-networkd.service systemd-networkd.socket systemd-networkd-wait-online.service \
		systemd-udevd.service systemd-udevd-control.socket systemd-udevd-kernel.socket systemd-udev-trigger.service \
		apt-daily.timer apt-daily-upgrade.timer fstrim.timer e2scrub_all.timer man-db.timer dpkg-db-backup.timer; do
		ln -sf /dev/null "$root/etc/systemd/system/$unit"
	done
	# Few machines are load balancers.
	rm -f "$root"/etc/systemd/system/multi-user.target.wants/{haproxy,keepalived}.service
}

# The host's kernel has these built in; modprobe must find them.
kernel_modules() {
	local modules
	modules=$root/lib/modules/$(uname -r)
	mkdir -p "$modules"
	printf 'kernel/fs/overlayfs/overlay.ko\nkernel/net/bridge/br_netfilter.ko\n' |
		tee "$modules/modules.builtin" >"$modules/modules.order"
	chroot "$root" depmod -a "$(uname -r)"
}

# Ignition relabels what it writes, also where there is no SELinux.
selinux() {
	mkdir -p "$root/etc/selinux"
	printf 'SELINUX=disabled\nSELINUXTYPE=none\n' >"$root/etc/selinux/config"
}

host_like_a_machine() {
	install -D -m 0755 "$(dirname "$0")/rig-host.sh" "$root/usr/local/lib/rig/rig-host.sh"
	install -D -m 0644 "$(dirname "$0")/rig-host.service" "$root/etc/systemd/system/rig-host.service"
	mkdir -p "$root/etc/systemd/system/sysinit.target.wants"
	ln -sf ../rig-host.service "$root/etc/systemd/system/sysinit.target.wants/rig-host.service"
}

never_booted
cloud_init
quiet_units
kernel_modules
selinux
host_like_a_machine
