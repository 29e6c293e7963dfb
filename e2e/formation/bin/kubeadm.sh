#!/bin/bash
# Stands in for kubeadm in the etcd step. etcd gets kubeadm's flags, and then those of the step's patch.
set -euo pipefail
pki=/etc/kubernetes/pki/etcd
manifest=/etc/kubernetes/manifests/etcd.yaml
patch=/etc/kindling/patches/etcd9kindling+json.yaml

main() {
	case "$*" in
	'config images list --config /etc/kindling/kubeadm/init.yaml') echo registry.k8s.io/etcd:3.7.0-0 ;;
	'init phase etcd local --config /etc/kindling/kubeadm/init.yaml') etcd_local ;;
	*)
		echo "the tests' kubeadm does not know: $*" >&2
		return 1
		;;
	esac
}

etcd_local() {
	# shellcheck source=/dev/null
	. /etc/kindling/node.env
	local url_host=$ADDRESS
	[[ $ADDRESS != *:* ]] || url_host=[$ADDRESS]
	local local_host=127.0.0.1
	[[ $ADDRESS != *:* ]] || local_host='[::1]'
	{
		printf '%s\n' etcd \
			"--advertise-client-urls=https://$url_host:2379" \
			"--cert-file=$pki/server.crt" \
			--client-cert-auth=true \
			--data-dir=/var/lib/etcd \
			--feature-gates=InitialCorruptCheck=true \
			"--initial-advertise-peer-urls=https://$url_host:2380" \
			"--initial-cluster=$NAME=https://$url_host:2380" \
			"--key-file=$pki/server.key" \
			"--listen-client-urls=https://$local_host:2379,https://$url_host:2379" \
			"--listen-metrics-urls=http://$local_host:2381" \
			"--listen-peer-urls=https://$url_host:2380" \
			"--name=$NAME" \
			"--peer-cert-file=$pki/peer.crt" \
			--peer-client-cert-auth=true \
			"--peer-key-file=$pki/peer.key" \
			"--peer-trusted-ca-file=$pki/ca.crt" \
			--snapshot-count=10000 \
			"--trusted-ca-file=$pki/ca.crt" \
			--watch-progress-notify-interval=5s
		sed -n 's/.*value: "\(.*\)"}/\1/p' "$patch"
	} >"$manifest.new"
	mv "$manifest.new" "$manifest"
}

main "$@"
