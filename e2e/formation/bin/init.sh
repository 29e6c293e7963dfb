#!/bin/bash
# Process 1 of a machine: the two units of the document, and enough of kubelet to keep etcd running. The manifest is from
# kubeadm.sh, with a line for each word of the command.
set -euo pipefail
manifest=/etc/kubernetes/manifests/etcd.yaml
# A proxy for everything, which refuses everything. The script must not ask it.
proxy=({http,https,all}_proxy=http://127.0.0.1:9 {HTTP,HTTPS,ALL}_PROXY=http://127.0.0.1:9)

env "${proxy[@]}" bash /etc/kindling/run.sh etcd_guard
env "${proxy[@]}" bash /etc/kindling/run.sh &
while :; do
	if [ -e /var/hurry ]; then
		# From now on, the machine has been on for longer than it has.
		read -r up _ </proc/uptime
		echo "$((${up%.*} + $(</var/hurry))).00 0" >/run/uptime
		rm /var/hurry
		mount --bind /run/uptime /proc/uptime
	fi
	if [ -e "$manifest" ]; then
		mapfile -t command <"$manifest"
		"${command[@]}" >>/var/log/etcd.log 2>&1 || true
	fi
	sleep 0.2
done
