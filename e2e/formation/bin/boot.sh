#!/bin/bash
# boot.sh DIRECTORY PROGRAM... powers a machine on, in new namespaces. The disk is DIRECTORY/disk. Everything else is new,
# even the boot ID. The programs take precedence over the host's.
set -euo pipefail

dir=$1
root=$dir/root
mount -t tmpfs tmpfs "$root"
mkdir -p "$root"/{dev,etc,opt/bin,proc,run,sys,tmp,usr,var}
ln -s usr/bin usr/sbin usr/lib usr/lib64 "$root"
mount --rbind /dev "$root/dev"
mount -t proc proc "$root/proc"
mount -t sysfs sysfs "$root/sys"
mount --bind /usr "$root/usr"
mount --bind "$dir/disk/etc" "$root/etc"
mount --bind "$dir/disk/var" "$root/var"
for config in alternatives ssl; do
	mkdir -p "$root/etc/$config"
	mount --bind "/etc/$config" "$root/etc/$config"
done
for program in "${@:2}"; do
	name=$(basename "$program" .sh)
	: >"$root/opt/bin/$name"
	mount --bind "$program" "$root/opt/bin/$name"
done
cat /proc/sys/kernel/random/uuid >"$root/run/boot_id"
mount --bind "$root/run/boot_id" "$root/proc/sys/kernel/random/boot_id"
exec chroot "$root" /usr/bin/env -i PATH=/opt/bin:/usr/sbin:/usr/bin /bin/bash /opt/bin/init
