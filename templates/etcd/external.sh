# shellcheck shell=bash
# etcd is on machines of its own. The first write is not before the cluster is on every founder's disk: one that is wiped while
# it forms has voted already, and does not know it.
step_etcd() {
	local name host answer healthy text whom
	while :; do
		healthy=0 text='' whom=()
		while read -r name host _; do
			if answer=$(etcd_curl "https://$host:2379/health" 2>&1) && [[ $answer == *'"health":"true"'* ]]; then
				healthy=$((healthy + 1))
				! etcd_curl "https://$host:2379/metrics" | grep '^etcd_debugging_mvcc_keys_total [1-9]' >/dev/null || return 0
			else
				whom+=("$name")
				text+="; $name silent (${answer#curl: })"
			fi
		done <<<"$PEERS"
		[ "$healthy" -lt "$ETCD_BOOTSTRAP_EXPECT" ] || return 0
		waiting "$healthy of $ETCD_BOOTSTRAP_EXPECT members of etcd serve$text" "${whom[@]}"
		sleep 1
	done
}

etcd_curl() {
	curl -sS -f --max-time 4 --cacert /etc/kubernetes/pki/etcd/ca.crt --cert /etc/kubernetes/pki/apiserver-etcd-client.crt \
		--key /etc/kubernetes/pki/apiserver-etcd-client.key "$@"
}
