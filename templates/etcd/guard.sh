# shellcheck shell=bash
# etcd_guard runs before every start of kubelet. etcd's manifest may change only at the first start since power-on, while no
# static pod runs: later on kubelet would replace etcd, and on all machines at about the same time.
etcd_guard() {
	local first='' disk
	disk=$(etcd_disk_missing)
	[ ! "$disk" ] || fail "etcd's disk is not there yet: $disk"
	[ -e "$run/kubelet-started" ] || first=1
	mkdir -p "$run" "$state"
	: >"$run/kubelet-started"
	[ -e "$manifest" ] || return 0
	if ! etcd_has_data; then
		# Without data this manifest would start etcd as on its first day. The etcd step asks the peers again.
		mv "$manifest" "$state/etcd.yaml.without-data"
		systemctl --no-block restart kindling.service
	elif [ "$first" ] && [ -e "$fence" ]; then
		# kubelet would read a half-written file, unless its name begins with a dot.
		sed 's/--initial-cluster-state=new/--initial-cluster-state=existing/' "$manifest" >"${manifest%/*}/.etcd.yaml"
		mv "${manifest%/*}/.etcd.yaml" "$manifest"
	fi
}
