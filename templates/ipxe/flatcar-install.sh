#!/bin/bash
# Installs Flatcar on a disk with this machine's document, and boots from it: flatcar-install.sh FILE SHA-256 DISK. The document is where
# the config of this system came from. One that has another sum is fetched again: it may be on its way.
set -euo pipefail

file=$1
sum=$2
disk=$3
document=/run/kindling-install.ign

url=$(tr ' ' '\n' </proc/cmdline | sed -n 's/^ignition\.config\.url=\(.*\)\/install\/config\.ign$/\1/p')/$file
until curl -fsS --connect-timeout 10 --max-time 300 -o "$document" "$url" && sha256sum --quiet --check <<<"$sum  $document"; do
	echo "install: waiting for this machine's document at $url"
	sleep 5
done
echo "install: writing Flatcar to $disk"
flatcar-install -d "$disk" -i "$document"
echo "install: done; this machine boots from $disk now"
systemctl reboot
