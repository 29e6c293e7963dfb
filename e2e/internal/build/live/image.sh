#!/bin/bash
# Makes a live image of the installed packages in the directory $1: $2/vmlinuz, $2/initrd and $2/root.squashfs.
set -euo pipefail

root=$1
image=$2

: >"$root/etc/machine-id"
rm -f "$root/etc/hostname" "$root/etc/resolv.conf" "$root/var/lib/dbus/machine-id"
printf 'datasource_list: [NoCloud]\nlocale: C.UTF-8\n' >"$root/etc/cloud/cloud.cfg.d/99-live.cfg"
ln -sf /dev/null "$root/etc/systemd/system/systemd-networkd-wait-online.service" # ifupdown brings the network up
mv "$root"/boot/vmlinuz-* "$image/vmlinuz"
mv "$root"/boot/initrd.img-* "$image/initrd"
mksquashfs "$root" "$image/root.squashfs" -comp zstd -Xcompression-level 3 -no-xattrs -quiet -no-progress >/dev/null
