#!/bin/bash
# Runs before every start of kubelet. etcd's manifest may change only at the first start since power-on, while no static pod
# runs: later on kubelet would replace etcd, and on all machines at about the same time.
set -eu
# shellcheck source=/dev/null
. /etc/kindling/node.env
manifest=/etc/kubernetes/manifests/etcd.yaml
state=/var/lib/kindling
started=/run/kindling/kubelet-started
[ -e "$started" ] || first=1
mkdir -p "${started%/*}"
: >"$started"
[ -e "$manifest" ] || exit 0
if ! compgen -G "$ETCD_DATA_DIR/member/wal/*.wal" >/dev/null; then
	# Without data this manifest would start etcd as on its first day. The etcd step asks the peers again.
	mv "$manifest" "$state/etcd.yaml.without-data"
	systemctl --no-block restart kindling.service
elif [ "${first:-}" ] && [ -e "$state/etcd-fence" ]; then
	# kubelet would read a half-written file, unless its name begins with a dot.
	umask 077
	sed 's/--initial-cluster-state=new/--initial-cluster-state=existing/' "$manifest" >"${manifest%/*}/.etcd.yaml"
	mv "${manifest%/*}/.etcd.yaml" "$manifest"
fi
