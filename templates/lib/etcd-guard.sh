#!/bin/bash
# Runs before every start of kubelet, while no static pod is being started: only then may etcd's manifest change.
set -eu
# shellcheck source=/dev/null
. /etc/kindling/node.env
manifest=/etc/kubernetes/manifests/etcd.yaml
state=/var/lib/kindling
[ -e "$manifest" ] || exit 0
if ! compgen -G "$ETCD_DATA_DIR/member/wal/*.wal" >/dev/null; then
	# Without data this manifest would start etcd as on its first day. The etcd step asks the peers again.
	mv "$manifest" "$state/etcd.yaml.without-data"
	systemctl --no-block restart kindling.service
elif [ -e "$state/etcd-fence" ]; then
	sed -i 's/--initial-cluster-state=new/--initial-cluster-state=existing/' "$manifest"
fi
