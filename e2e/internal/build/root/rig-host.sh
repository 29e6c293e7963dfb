#!/bin/bash
# Gives a machine in a systemd-nspawn container what one with a kernel of its own has.
set -euo pipefail

# kubelet and containerd share mounts with pods, and make cgroups.
share_mounts() {
	mount --make-rshared /
}

writable_cgroups() {
	local hierarchy
	mount -o remount,rw,bind /sys/fs/cgroup
	for hierarchy in /sys/fs/cgroup/*/; do
		mountpoint -q "$hierarchy" && mount -o remount,rw,bind "$hierarchy"
	done
	return 0
}

# kubelet wants to find these values; the host keeps its own.
kernel_settings() {
	local setting file
	mkdir -p /run/rig/sysctl
	for setting in vm/overcommit_memory=1 vm/panic_on_oom=0 kernel/panic=10 kernel/panic_on_oops=1 \
		kernel/keys/root_maxkeys=1000000 kernel/keys/root_maxbytes=25000000; do
		file=/run/rig/sysctl/$(tr / . <<<"${setting%=*}")
		echo "${setting#*=}" >"$file"
		mount --bind "$file" "/proc/sys/${setting%=*}"
	done
}

share_mounts
writable_cgroups
kernel_settings
